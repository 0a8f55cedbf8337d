namespace AlexNetTF.Classification;

/// <summary>The largest probabilities of a row.</summary>
internal static class Ranking
{
    /// <summary>The best classes, most likely first; of equal ones the lower number first.</summary>
    public static IReadOnlyList<Prediction> Top(ReadOnlySpan<float> probabilities, int top, Labels labels)
    {
        int count = Math.Min(top, probabilities.Length);
        var best = new List<(float Probability, int Index)>(count + 1);
        for (int index = 0; index < probabilities.Length; index++)
        {
            float probability = probabilities[index];
            if (best.Count == count && !(probability > best[^1].Probability)) continue;
            int place = best.Count;
            while (place > 0 && probability > best[place - 1].Probability) place--;
            best.Insert(place, (probability, index));
            if (best.Count > count) best.RemoveAt(count);
        }

        return [.. best.Select(item => new Prediction(labels[item.Index], item.Index, item.Probability))];
    }
}
