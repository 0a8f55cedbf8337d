namespace AlexNetTF.FineTuning;

/// <summary>Adds up losses and right answers in the order of the pictures, so that a sum does not depend on how batches are cut.</summary>
internal sealed class ScoreSum
{
    public double Loss { get; set; }

    public long Top1 { get; set; }

    public long Top5 { get; set; }

    public long Count { get; set; }

    public Score Score => Count == 0 ? new(double.NaN, 0, 0) : new(Loss / Count, (double)Top1 / Count, (double)Top5 / Count);

    /// <summary>Counts a picture by the place of its class among the scores.</summary>
    public void Add(ReadOnlySpan<float> scores, int label)
    {
        int rank = RankOf(scores, label);
        Count++;
        if (rank < 1) Top1++;
        if (rank < 5) Top5++;
    }

    /// <summary>Counts a batch.</summary>
    /// <param name="loss">Its mean.</param>
    /// <param name="scores">A row per picture.</param>
    /// <param name="labels">The right classes.</param>
    public void AddBatch(float loss, float[] scores, int[] labels)
    {
        int classes = scores.Length / labels.Length;
        for (int i = 0; i < labels.Length; i++) Add(scores.AsSpan(i * classes, classes), labels[i]);
        Loss += (double)loss * labels.Length;
    }

    /// <summary>How many classes come before this one; of equal scores the lower number comes first. A score that is no number comes last.</summary>
    public static int RankOf(ReadOnlySpan<float> scores, int label)
    {
        float own = scores[label];
        if (float.IsNaN(own)) return scores.Length;
        int rank = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] > own || (scores[i] == own && i < label)) rank++;
        }

        return rank;
    }
}
