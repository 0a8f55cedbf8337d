using System.Text.Json.Serialization;

namespace AlexNetTF.Imaging;

/// <summary>Preprocessing as JSON without reflection. An unknown property is an error: it would mean other pixels than were trained with.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PreprocessingData))]
internal sealed partial class PreprocessingJson : JsonSerializerContext;

/// <summary>
/// What <see cref="Preprocessing"/> looks like in a file. Not the record itself: generated code gives its init-only
/// properties 0 where the file leaves them out, these keep their defaults.
/// </summary>
internal sealed class PreprocessingData
{
    private static readonly Preprocessing Defaults = new();

    public int Width { get; set; } = Defaults.Width;

    public int Height { get; set; } = Defaults.Height;

    public ResizeMode Resize { get; set; } = Defaults.Resize;

    public int ResizeTo { get; set; } = Defaults.ResizeTo;

    public ResizeKernel Kernel { get; set; } = Defaults.Kernel;

    public ChannelOrder Channels { get; set; } = Defaults.Channels;

    public float Divisor { get; set; } = Defaults.Divisor;

    public ChannelValues Mean { get; set; } = Defaults.Mean;

    public ChannelValues Std { get; set; } = Defaults.Std;

    public AlphaHandling Alpha { get; set; } = Defaults.Alpha;

    public bool AutoOrient { get; set; } = Defaults.AutoOrient;

    internal static PreprocessingData From(Preprocessing p) => new()
    {
        Width = p.Width,
        Height = p.Height,
        Resize = p.Resize,
        ResizeTo = p.ResizeTo,
        Kernel = p.Kernel,
        Channels = p.Channels,
        Divisor = p.Divisor,
        Mean = p.Mean,
        Std = p.Std,
        Alpha = p.Alpha,
        AutoOrient = p.AutoOrient,
    };

    internal Preprocessing ToPreprocessing() => new()
    {
        Width = Width,
        Height = Height,
        Resize = Resize,
        ResizeTo = ResizeTo,
        Kernel = Kernel,
        Channels = Channels,
        Divisor = Divisor,
        Mean = Mean,
        Std = Std,
        Alpha = Alpha,
        AutoOrient = AutoOrient,
    };
}
