namespace AlexNetTF.Reports;

/// <summary>What a training report shows.</summary>
internal sealed record ReportContent
{
    /// <summary>More are not shown.</summary>
    public const int MostMistakes = 24;

    public required IReadOnlyList<(string Name, string Value)> Facts { get; init; }

    public required IReadOnlyList<Curve> Curves { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Rows are what pictures show, columns what they were taken for; null without validation pictures.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Confusion { get; init; }

    public required IReadOnlyList<ReportMistake> Mistakes { get; init; }

    public float[]? FiltersBefore { get; init; }

    public float[]? FiltersAfter { get; init; }

    /// <summary>[height, width, 3, filters].</summary>
    public int[]? FilterShape { get; init; }

    public ChannelOrder Channels { get; init; }
}

/// <summary>A line of a chart.</summary>
/// <param name="Chart">The chart that it stands in.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Points">Epochs and values.</param>
internal sealed record Curve(string Chart, string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>A picture that was taken for something else.</summary>
internal sealed record ReportMistake(string Path, string Label, double LabelProbability, string Answer, double AnswerProbability);
