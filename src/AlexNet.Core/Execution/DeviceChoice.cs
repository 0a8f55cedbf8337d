using System.Globalization;

namespace AlexNetTF.Execution;

/// <summary>Where a session computes.</summary>
internal enum DeviceKind
{
    /// <summary>Wherever the engine chooses.</summary>
    Auto,

    /// <summary>On the processor only.</summary>
    Cpu,

    /// <summary>On a GPU, which must be there.</summary>
    Gpu,
}

/// <summary>A session's device: <c>auto</c>, <c>cpu</c>, <c>gpu</c> or <c>gpu:1</c>.</summary>
internal sealed record DeviceChoice(DeviceKind Kind, int? Index)
{
    /// <exception cref="AlexNetException">The text is none of these.</exception>
    public static DeviceChoice Parse(string text)
    {
        string[] parts = text.ToLowerInvariant().Split(':');
        return (parts[0], parts.Length) switch
        {
            ("auto", 1) => new DeviceChoice(DeviceKind.Auto, null),
            ("cpu", 1) => new DeviceChoice(DeviceKind.Cpu, null),
            ("gpu", 1) => new DeviceChoice(DeviceKind.Gpu, null),
            ("gpu", 2) when int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index) => new DeviceChoice(DeviceKind.Gpu, index),
            _ => throw new AlexNetException($"'{text}' is no device of a session; use auto, cpu, gpu or gpu:n."),
        };
    }
}
