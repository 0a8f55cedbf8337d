namespace AlexNetTF;

/// <summary>What a <see cref="LoggedEvent"/> holds.</summary>
public enum LoggedEventKind
{
    /// <summary>The format's version, a file's first record.</summary>
    FileVersion,

    /// <summary>A serialised GraphDef.</summary>
    Graph,

    /// <summary>A serialised MetaGraphDef.</summary>
    MetaGraph,

    /// <summary>A number of a curve.</summary>
    Scalar,

    /// <summary>Counts of values.</summary>
    Histogram,

    /// <summary>An encoded picture.</summary>
    Image,

    /// <summary>The start or end of a run.</summary>
    Session,

    /// <summary>Something else: sound, text, a trace of a run.</summary>
    Other,
}

/// <summary>One value of an event file.</summary>
public sealed record LoggedEvent
{
    /// <summary>When it was written, in seconds since 1970.</summary>
    public required double WallTime { get; init; }

    /// <summary>The training step.</summary>
    public required long Step { get; init; }

    /// <summary>What it is.</summary>
    public required LoggedEventKind Kind { get; init; }

    /// <summary>Its name; for the version and the session its text; else empty.</summary>
    public string Tag { get; init; } = "";

    /// <summary>The number of a <see cref="LoggedEventKind.Scalar"/>.</summary>
    public float Scalar { get; init; }

    /// <summary>The counts of a <see cref="LoggedEventKind.Histogram"/>.</summary>
    public LoggedHistogram? Histogram { get; init; }

    /// <summary>The picture of an <see cref="LoggedEventKind.Image"/> as it is encoded, mostly PNG, or the serialised graph.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>The picture's height in pixels.</summary>
    public int Height { get; init; }

    /// <summary>The picture's width in pixels.</summary>
    public int Width { get; init; }
}

/// <summary>Counts of values by size.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="Count">How many values there were.</param>
/// <param name="Sum">Their sum.</param>
/// <param name="SumOfSquares">The sum of their squares.</param>
/// <param name="Limits">Each bucket's upper end, which it does not hold; it starts where the one before ends.</param>
/// <param name="Counts">How many values fell in each bucket.</param>
public sealed record LoggedHistogram(double Min, double Max, double Count, double Sum, double SumOfSquares, IReadOnlyList<double> Limits, IReadOnlyList<double> Counts);
