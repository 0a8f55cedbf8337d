namespace AlexNetTF;

/// <summary>A picture that was taken for something else.</summary>
/// <param name="Path">The picture's file.</param>
/// <param name="Label">What it shows.</param>
/// <param name="Answer">What the network takes it for.</param>
/// <param name="LabelProbability">The probability that the network gives to what it shows.</param>
public sealed record Mistake(string Path, int Label, Prediction Answer, double LabelProbability);

/// <summary>How well a network tells a data set's pictures apart.</summary>
/// <param name="Count">The number of pictures.</param>
/// <param name="Score">Loss, top-1 and top-5 over all pictures.</param>
/// <param name="Confusion">How often class r (row) was taken for class c (column).</param>
/// <param name="Mistakes">The mistakes, the least probable truth first.</param>
public sealed record Evaluation(int Count, Score Score, IReadOnlyList<IReadOnlyList<int>> Confusion, IReadOnlyList<Mistake> Mistakes)
{
    /// <summary>Right answers among the answers of this class; NaN where it was never answered.</summary>
    public double Precision(int label) => (double)Confusion[label][label] / Confusion.Sum(row => row[label]);

    /// <summary>Right answers among the pictures of this class; NaN where there are none.</summary>
    public double Recall(int label) => (double)Confusion[label][label] / Confusion[label].Sum();
}
