namespace AlexNetTF;

/// <summary>Who computes.</summary>
public enum Engine
{
    /// <summary>This library's own engine, written in C#: no native library, CPU.</summary>
    Managed,
}

/// <summary>How numbers are held while computing.</summary>
public enum Precision
{
    /// <summary>32-bit floating point, as the graph says.</summary>
    Float32,
}

/// <summary>Choices of a session, fixed when it is made.</summary>
public sealed record SessionOptions
{
    /// <summary>Who computes.</summary>
    public Engine Engine { get; init; } = Engine.Managed;

    /// <summary>How numbers are held while computing.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>How many threads one run may use; 0 for all cores. The answer's bits do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Whether convolutions may use Winograd's algorithm: faster, with another rounding (up to 1e-5 of a tensor's largest magnitude).</summary>
    public bool AllowWinograd { get; init; } = true;

    /// <summary>Whether plans are rewritten by fusions; tests compare both.</summary>
    internal bool Fuse { get; init; } = true;
}
