namespace AlexNetTF;

/// <summary>How a pixel lies in memory, first byte first; 8 bits a channel.</summary>
public enum PixelFormat
{
    /// <summary>Blue, green, red: what OpenCV gives.</summary>
    Bgr24,

    /// <summary>Red, green, blue.</summary>
    Rgb24,

    /// <summary>Blue, green, red, alpha (not premultiplied).</summary>
    Bgra32,

    /// <summary>Red, green, blue, alpha (not premultiplied).</summary>
    Rgba32,

    /// <summary>One byte of brightness, used for all three channels.</summary>
    Grey8,
}
