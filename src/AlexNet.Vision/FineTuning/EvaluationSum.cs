namespace AlexNetTF.FineTuning;

/// <summary>Gathers an evaluation from the scores of one picture after the other.</summary>
internal sealed class EvaluationSum(Labels labels)
{
    private readonly ScoreSum sum = new();
    private readonly List<Mistake> mistakes = [];
    private readonly int[][] confusion = [.. Enumerable.Range(0, labels.Count).Select(_ => new int[labels.Count])];

    public Score Score => sum.Score;

    /// <summary>Counts a picture. In double precision: log Σ exp(s − max) − (s[label] − max).</summary>
    public void Add(ReadOnlySpan<float> scores, DatasetItem item)
    {
        int answer = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[answer] || float.IsNaN(scores[answer])) answer = i;
        }

        double largest = scores[answer], total = 0;
        foreach (float score in scores) total += Math.Exp(score - largest);
        double loss = Math.Log(total) - (scores[item.Label] - largest);
        sum.Add(scores, item.Label);
        sum.Loss += loss;
        confusion[item.Label][answer]++;
        if (answer != item.Label) mistakes.Add(new Mistake(item.Path, item.Label, new Prediction(labels[answer], answer, (float)(1 / total)), Math.Exp(-loss)));
    }

    public Evaluation ToEvaluation() => new((int)sum.Count, sum.Score, confusion, [.. mistakes.OrderBy(mistake => mistake.LabelProbability)]);
}
