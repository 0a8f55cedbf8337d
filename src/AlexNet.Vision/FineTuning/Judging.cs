using AlexNetTF.Datasets;

namespace AlexNetTF.FineTuning;

/// <summary>Judges pictures by a network as it is.</summary>
internal static class Judging
{
    /// <summary>Runs all pictures of a feed through the network, without dropout.</summary>
    public static async Task<EvaluationSum> RunAsync(TrainingNetwork network, PictureFeed feed, Labels labels, ProgressMeter meter, CancellationToken cancellation)
    {
        var sum = new EvaluationSum(labels);
        AugmentedItem[] items = [.. Enumerable.Range(0, feed.Dataset.Count).Select(index => new AugmentedItem(index, Mirror: false))];
        // Dropout with keepProb 1 draws numbers too; judging must not move the training's.
        IReadOnlyDictionary<string, ulong> counters = network.Session.Engine.GetRandomCounters();
        try
        {
            meter.Begin(TrainingPhase.Features);
            await feed.PrepareAsync(items, meter.Count, cancellation).ConfigureAwait(false);
            meter.Begin(TrainingPhase.Validation);
            int done = 0;
            await foreach (FedBatch batch in feed.ReadAsync(items, cancellation).ConfigureAwait(false))
            {
                network.Feed(batch.Feeds, feed.LabelsOf(batch.Items), 1);
                float[] scores = network.Session.Run(network.Logits, batch.Feeds, cancellation).ToArray<float>();
                for (int i = 0; i < batch.Items.Length; i++) sum.Add(scores.AsSpan(i * network.Classes, network.Classes), feed.Dataset.Items[batch.Items[i].Index]);
                meter.Count(done += batch.Items.Length, items.Length);
            }
        }
        finally
        {
            network.Session.Engine.SetRandomCounters(counters);
        }

        return sum;
    }
}
