using System.Text.Json;
using AlexNetTF.Imaging;

namespace AlexNetTF;

/// <summary>
/// How a picture becomes a network's input of shape [Height, Width, 3]: decode → transparency → resize → centre crop →
/// channel order → <c>(pixel / Divisor − Mean) / Std</c>, every step rounded to float32. Weights give good answers only with the
/// preprocessing that they were trained with; a checkpoint therefore stores it.
/// </summary>
/// <remarks>A record: start from a preset and change what differs, <c>Preprocessing.Bvlc with { Width = 224, Height = 224 }</c>.</remarks>
public sealed record Preprocessing
{
    /// <summary>The published BVLC weights' own: 227×227 without crop, BGR, minus (104, 117, 124). The default everywhere.</summary>
    public static Preprocessing Bvlc { get; } = new() { Mean = new(104, 117, 124) };

    /// <summary>The article's <c>test_image</c>: 227×227 without crop, BGR 0 to 255, nothing subtracted.</summary>
    public static Preprocessing Article { get; } = new();

    /// <summary>torchvision's AlexNet: shorter side 256 antialiased, centre crop 224, RGB 0 to 1, ImageNet's mean and deviation.</summary>
    public static Preprocessing Torchvision { get; } = new()
    {
        Width = 224,
        Height = 224,
        Resize = ResizeMode.ShorterSide,
        ResizeTo = 256,
        Kernel = ResizeKernel.PillowBilinear,
        Channels = ChannelOrder.Rgb,
        Divisor = 255,
        // torchvision keeps these numbers as float32.
        Mean = new(0.485f, 0.456f, 0.406f),
        Std = new(0.229f, 0.224f, 0.225f),
    };

    /// <summary>The width that the network takes, in pixels.</summary>
    public int Width { get; init; } = 227;

    /// <summary>The height that the network takes, in pixels.</summary>
    public int Height { get; init; } = 227;

    /// <summary>How the picture's size becomes the network's.</summary>
    public ResizeMode Resize { get; init; }

    /// <summary>
    /// The length to resize to before the centre of Width × Height is cut out: the side of a square for
    /// <see cref="ResizeMode.Stretch"/>, the shorter side for <see cref="ResizeMode.ShorterSide"/>. 0: just enough, that is
    /// no crop for Stretch and the larger of Width and Height for ShorterSide.
    /// </summary>
    public int ResizeTo { get; init; }

    /// <summary>The resizing arithmetic.</summary>
    public ResizeKernel Kernel { get; init; }

    /// <summary>The order of the channels.</summary>
    public ChannelOrder Channels { get; init; }

    /// <summary>Every channel is divided by this first; 255 gives 0 to 1.</summary>
    public float Divisor { get; init; } = 1;

    /// <summary>Subtracted from each channel in double precision, as NumPy does.</summary>
    public ChannelValues Mean { get; init; }

    /// <summary>Each channel is divided by this at last, in float32.</summary>
    public ChannelValues Std { get; init; } = ChannelValues.All(1);

    /// <summary>What becomes of transparency.</summary>
    public AlphaHandling Alpha { get; init; }

    /// <summary>Whether the orientation that a camera stores is applied, as OpenCV does; off gives the pixels as stored.</summary>
    public bool AutoOrient { get; init; } = true;

    /// <summary>A preset by the name that the tool uses: <c>bvlc</c>, <c>article</c> or <c>torchvision</c>.</summary>
    /// <exception cref="AlexNetException">There is no such preset.</exception>
    public static Preprocessing FromName(string name) => name?.ToUpperInvariant() switch
    {
        "BVLC" => Bvlc,
        "ARTICLE" => Article,
        "TORCHVISION" => Torchvision,
        _ => throw new AlexNetException($"There is no preprocessing \"{name}\"; there are bvlc, article and torchvision."),
    };

    /// <summary>Reads what <see cref="ToJson"/> wrote; properties that are left out have their defaults.</summary>
    /// <exception cref="AlexNetException">The text is no JSON, holds a property that is unknown here, or a value that is out of range.</exception>
    public static Preprocessing FromJson(string json)
    {
        try
        {
            PreprocessingData? data = JsonSerializer.Deserialize(json, PreprocessingJson.Default.PreprocessingData);
            return (data ?? throw new JsonException("null is no preprocessing")).ToPreprocessing().Validated();
        }
        catch (JsonException error)
        {
            throw new AlexNetException($"This is no preprocessing in JSON: {error.Message}", error);
        }
    }

    /// <summary>All properties as a JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(PreprocessingData.From(this), PreprocessingJson.Default.PreprocessingData);

    /// <summary>What of this an ONNX model can do by itself: channels, divisor, mean and deviation. Its input is resized and cut out before.</summary>
    public OnnxPreprocessing ToOnnx() => new(
        Channels == ChannelOrder.Bgr,
        Divisor,
        [(float)Mean.First, (float)Mean.Second, (float)Mean.Third],
        [(float)Std.First, (float)Std.Second, (float)Std.Third]);

    /// <summary>This, or the error that names the property that is out of range.</summary>
    internal Preprocessing Validated()
    {
        Require(Width is >= 1 and <= MaxSide && Height is >= 1 and <= MaxSide, nameof(Width) + " × " + nameof(Height), $"{Width}×{Height}", $"each must be 1 to {MaxSide}");
        int smallest = Math.Max(Width, Height);
        Require(ResizeTo == 0 || (ResizeTo >= smallest && ResizeTo <= MaxSide), nameof(ResizeTo), ResizeTo, $"it must be 0 or {smallest} (the larger of Width and Height) to {MaxSide}, since the crop is cut out of it");
        Require(float.IsFinite(Divisor) && Divisor != 0, nameof(Divisor), Divisor, "it must be finite and not zero");
        Require(All(Mean, double.IsFinite), nameof(Mean), Mean, "it must be finite");
        Require(All(Std, value => double.IsFinite(value) && (float)value != 0), nameof(Std), Std, "it must be finite and not zero");
        Require(Enum.IsDefined(Resize), nameof(Resize), Resize, "there is no such mode");
        Require(Enum.IsDefined(Kernel), nameof(Kernel), Kernel, "there is no such kernel");
        Require(Enum.IsDefined(Channels), nameof(Channels), Channels, "there is no such order");
        Require(Enum.IsDefined(Alpha), nameof(Alpha), Alpha, "there is no such handling");
        return this;
    }

    private const int MaxSide = 16_384;

    private static bool All(ChannelValues values, Func<double, bool> holds) => holds(values.First) && holds(values.Second) && holds(values.Third);

    private static void Require(bool holds, string property, object value, string rule)
    {
        if (!holds)
            throw new AlexNetException($"Preprocessing.{property} is {value}: {rule}.");
    }
}
