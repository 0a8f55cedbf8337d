namespace AlexNetTF;

/// <summary>The order of a pixel's channels in the network's input.</summary>
public enum ChannelOrder
{
    /// <summary>Blue, green, red: OpenCV's and Caffe's order.</summary>
    Bgr,

    /// <summary>Red, green, blue.</summary>
    Rgb,
}

/// <summary>How the picture's size becomes the network's.</summary>
public enum ResizeMode
{
    /// <summary>Width and height are scaled separately, so that the whole picture is seen, distorted.</summary>
    Stretch,

    /// <summary>The picture keeps its proportions: the shorter side is scaled to a given length, the rest is cropped.</summary>
    ShorterSide,
}

/// <summary>The arithmetic that scales a picture; each gives the very numbers of the program that it is named after.</summary>
public enum ResizeKernel
{
    /// <summary><c>cv2.resize</c> of an 8-bit picture, INTER_LINEAR: whole numbers 0 to 255, no antialiasing.</summary>
    OpenCvLinear,

    /// <summary><c>cv2.resize</c> of the picture as float32, INTER_LINEAR: the same geometry, not rounded.</summary>
    OpenCvLinearFloat,

    /// <summary>TensorFlow 1's <c>tf.image.resize_images</c>: corners are not aligned, so the picture shifts up and left; not rounded.</summary>
    TensorFlowBilinear,

    /// <summary>Pillow's <c>Image.resize</c> with BILINEAR, which antialiases: whole numbers 0 to 255; torchvision's.</summary>
    PillowBilinear,
}

/// <summary>What becomes of a picture's transparency.</summary>
public enum AlphaHandling
{
    /// <summary>It is ignored: the hidden colour of transparent pixels shows, as in <c>cv2.imread</c>.</summary>
    Drop,

    /// <summary>The picture is laid over white.</summary>
    OverWhite,

    /// <summary>The picture is laid over black.</summary>
    OverBlack,
}
