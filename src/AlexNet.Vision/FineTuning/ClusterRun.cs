using AlexNetTF.Datasets;
using NumSharp;

namespace AlexNetTF.FineTuning;

/// <summary>
/// One worker's part of a run: passes over its share of the pictures, each step on the variables as the servers have them
/// then, until the step that all workers count together reaches the end.
/// </summary>
internal sealed class ClusterRun : IDisposable
{
    private readonly FineTunerOptions options;
    private readonly TrainingNetwork network;
    private readonly ClusterShare share;
    private readonly PictureFeed train;
    private readonly TrainingState state;
    private readonly ProgressMeter meter;
    private readonly ClusterChief? chief;
    private long end;

    /// <param name="options">The run's options.</param>
    /// <param name="network">The network, its variables initialised.</param>
    /// <param name="share">This worker's pictures.</param>
    /// <param name="state">Where the run stands.</param>
    /// <param name="meter">Told how it goes.</param>
    /// <param name="chief">What the chief does beside; null for other workers.</param>
    public ClusterRun(FineTunerOptions options, TrainingNetwork network, ClusterShare share, TrainingState state, ProgressMeter meter, ClusterChief? chief)
    {
        (this.options, this.network, this.share, this.state, this.meter, this.chief) = (options, network, share, state, meter, chief);
        IReadOnlyList<Tensor> frontier = options.FeatureCache && options.Augmentation.OnlyFlips ? FrozenPrefix.Find(network.Input, [network.Train, network.Loss, network.Logits]) : [];
        train = new PictureFeed(network, share.Train, options, frontier, share.FeatureFile);
    }

    /// <summary>This worker's own steps.</summary>
    public long Steps { get; private set; }

    /// <summary>Whether what the frozen layers compute is kept.</summary>
    public bool KeepsFeatures => train.KeepsFeatures;

    // The chief judges the last epoch even if others have made its last step.
    private bool GoesOn => state.Step < end || (chief is not null && !state.StoppedEarly && state.Epoch < options.Epochs && end > (state.Epoch * share.StepsPerEpoch));

    /// <summary>Trains to the end; on cancellation the chief saves first.</summary>
    public async Task TrainAsync(CancellationToken cancellation)
    {
        NDArray[] now = network.Session.Run([network.Step.Value, network.Shared!.End.Value], cancellationToken: cancellation);
        (state.Step, end) = (now[0].GetAtIndex<long>(0), now[1].GetAtIndex<long>(0));
        try
        {
            for (int pass = (int)(state.Step / share.StepsPerEpoch); GoesOn; pass++) await PassAsync(pass, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            chief?.SaveWhatIsNew();
            throw;
        }
    }

    public void Dispose() => train.Dispose();

    private async Task PassAsync(int pass, CancellationToken cancellation)
    {
        AugmentedItem[] items = Array.ConvertAll(
            EpochOrder.Shuffle(share.Train.Count, options.Seed, pass),
            index => options.Augmentation.Decide(index, options.Seed, pass));
        meter.Begin(TrainingPhase.Features);
        await train.PrepareAsync(items, meter.Count, cancellation).ConfigureAwait(false);
        meter.Begin(TrainingPhase.Training);
        await foreach (FedBatch batch in train.ReadAsync(items, cancellation).ConfigureAwait(false))
        {
            Step(batch);
            if (chief is not null && await chief.AfterStepAsync(cancellation).ConfigureAwait(false) is { } stop) end = stop;
            cancellation.ThrowIfCancellationRequested();
            if (!GoesOn) return;
            meter.Begin(TrainingPhase.Training);
        }
    }

    // Not cancelled half-way: a step is done as a whole or not at all.
    private void Step(FedBatch batch)
    {
        int[] labels = train.LabelsOf(batch.Items);
        network.Feed(batch.Feeds, labels, options.KeepProb);
        Fetch[] fetches = [network.Loss, network.Logits, network.Train, network.Shared!.End.Value, .. chief?.Fetches() ?? []];
        NDArray?[] results = network.Session.Run(fetches, batch.Feeds, CancellationToken.None);
        float loss = results[0]!.GetAtIndex<float>(0);
        if (!float.IsFinite(loss)) throw TrainingRun.NotFinite(loss, batch.Items, share.Train, state, options);
        float[] scores = results[1]!.ToArray<float>();
        state.Sum.AddBatch(loss, scores, labels);
        end = results[3]!.GetAtIndex<long>(0);
        // Read after the step: in it the value would be the one before or after, and others' steps count too.
        state.Step = network.Session.Run(network.Step.Value, cancellationToken: CancellationToken.None).GetAtIndex<long>(0);
        Steps++;
        chief?.Note(loss, scores, labels, results.AsMemory(4));
        meter.Step(labels.Length, loss, Steps % options.LogEvery == 0);
    }
}
