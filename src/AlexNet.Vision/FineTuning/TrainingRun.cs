using System.Diagnostics;
using AlexNetTF.Datasets;
using NumSharp;

namespace AlexNetTF.FineTuning;

/// <summary>The passes of a run, from the state that it stands at to the end.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly FineTunerOptions options;
    private readonly TrainingNetwork network;
    private readonly RunData data;
    private readonly PictureFeed train;
    private readonly PictureFeed? validation;
    private readonly RunCheckpoints checkpoints;
    private readonly RunLog log;
    private readonly TrainingState state;
    private readonly ProgressMeter meter;
    private long savedStep;
    private int savedEpoch;

    public TrainingRun(FineTunerOptions options, TrainingNetwork network, RunData data, RunCheckpoints checkpoints, TrainingState state, IProgress<TrainingProgress>? progress)
    {
        this.options = options;
        this.network = network;
        this.data = data;
        this.checkpoints = checkpoints;
        this.state = state;
        (savedStep, savedEpoch) = (state.Step, state.Epoch);
        IReadOnlyList<Tensor> frontier = options.FeatureCache
            ? FrozenPrefix.Find(network.Input, [network.Train, network.Loss, network.Logits])
            : [];
        train = new PictureFeed(network, data.Train, options, options.Augmentation.OnlyFlips ? frontier : [], Path.Combine(options.Output, "features-train.tmp"));
        validation = data.Validation is null ? null : new PictureFeed(network, data.Validation, options, frontier, Path.Combine(options.Output, "features-validation.tmp"));
        log = new RunLog(options, network, data, state, checkpoints);
        meter = new ProgressMeter(progress, options, state, StepsOf(data.Train.Count, options));
    }

    /// <summary>Whether what the frozen layers compute is kept.</summary>
    public bool KeepsFeatures => train.KeepsFeatures;

    /// <summary>The steps of a whole run.</summary>
    public static long StepsOf(int pictures, FineTunerOptions options) => (long)options.Epochs * BatchesOf(pictures, options);

    /// <summary>Trains to the end, when all is on the disk; on cancellation the state is saved first.</summary>
    public async Task TrainAsync(CancellationToken cancellation)
    {
        try
        {
            while (state.Epoch < options.Epochs && !state.StoppedEarly) await PassAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            if ((state.Step, state.Epoch) != (savedStep, savedEpoch)) Save(isBest: false);
            WaitForCheckpoint();
            throw;
        }

        WaitForCheckpoint();
    }

    /// <summary>Judges the validation pictures with the variables as they are; null where there are none.</summary>
    public async Task<Evaluation?> JudgeAsync(CancellationToken cancellation) =>
        validation is null ? null : (await Judging.RunAsync(network, validation, data.Train.Labels, meter, cancellation).ConfigureAwait(false)).ToEvaluation();

    public void Dispose()
    {
        train.Dispose();
        validation?.Dispose();
        log.Dispose();
    }

    private static int BatchesOf(int pictures, FineTunerOptions options) => (pictures + options.BatchSize - 1) / options.BatchSize;

    private async Task PassAsync(CancellationToken cancellation)
    {
        AugmentedItem[] items = Array.ConvertAll(
            EpochOrder.Shuffle(data.Train.Count, options.Seed, state.Epoch),
            index => options.Augmentation.Decide(index, options.Seed, state.Epoch));
        items = items[Math.Min(items.Length, state.Batch * options.BatchSize)..];
        meter.Begin(TrainingPhase.Features);
        await train.PrepareAsync(items, meter.Count, cancellation).ConfigureAwait(false);
        // The first checkpoint is written from the variables themselves, which the first step changes.
        if (state.Step == 0) WaitForCheckpoint();
        meter.Begin(TrainingPhase.Training);
        int batches = BatchesOf(data.Train.Count, options);
        await foreach (FedBatch batch in train.ReadAsync(items, cancellation).ConfigureAwait(false))
        {
            if (checkpoints.IsComplete()) meter.Deliver();
            Step(batch);
            bool endsPass = state.Batch == batches;
            if (options.CheckpointEvery > 0 && state.Step % options.CheckpointEvery == 0 && !endsPass) Save(isBest: false);
            cancellation.ThrowIfCancellationRequested();
        }

        await EndPassAsync(cancellation).ConfigureAwait(false);
    }

    // Not cancelled half-way: a step is done as a whole or not at all.
    private void Step(FedBatch batch)
    {
        int[] labels = train.LabelsOf(batch.Items);
        network.Feed(batch.Feeds, labels, options.KeepProb);
        bool endsPass = state.Batch + 1 == BatchesOf(data.Train.Count, options);
        Fetch[] fetches = [network.Loss, network.Logits, network.Train, .. log.Fetches(endsPass)];
        NDArray?[] results = network.Session.Run(fetches, batch.Feeds, CancellationToken.None);
        float loss = results[0]!.GetAtIndex<float>(0);
        if (!float.IsFinite(loss)) throw NotFinite(loss, batch.Items);
        float[] scores = results[1]!.ToArray<float>();
        state.Sum.AddBatch(loss, scores, labels);
        state.Step++;
        state.Batch++;
        log.Step(loss, scores, labels, results.AsMemory(3));
        meter.Step(labels.Length, loss, state.Step % options.LogEvery == 0);
    }

    private async Task EndPassAsync(CancellationToken cancellation)
    {
        Score? score = validation is null ? null : (await Judging.RunAsync(network, validation, data.Train.Labels, meter, cancellation).ConfigureAwait(false)).Score;
        double rate = network.Session.Run(network.Rate, cancellationToken: CancellationToken.None).GetAtIndex<float>(0);
        EpochMetrics epoch = state.EndEpoch(state.Epoch + 1, rate, score, options);
        // First the lines, then the checkpoint: a resumed run may remove lines, but cannot know those that were never written.
        log.Epoch(epoch);
        Save(isBest: state.Best == epoch);
        meter.Completed(epoch);
        if (checkpoints.IsComplete()) meter.Deliver();
    }

    private void WaitForCheckpoint()
    {
        checkpoints.Complete();
        meter.Deliver();
    }

    private void Save(bool isBest)
    {
        WaitForCheckpoint();
        checkpoints.Save(state, isBest);
        (savedStep, savedEpoch) = (state.Step, state.Epoch);
    }

    private FineTuningException NotFinite(float loss, AugmentedItem[] items)
    {
        checkpoints.Settle();
        return NotFinite(loss, items, data.Train, state, options);
    }

    /// <summary>The error of a loss that is infinite or no number.</summary>
    internal static FineTuningException NotFinite(float loss, AugmentedItem[] items, ImageDataset data, TrainingState state, FineTunerOptions options)
    {
        IEnumerable<string> names = items.Take(3).Select(item => data.Items[item.Index].Path);
        return new FineTuningException(
            $"The loss is {loss} at step {state.Step + 1} (epoch {state.Epoch + 1}, batch {state.Batch + 1}: {string.Join(", ", names)}{(items.Length > 3 ? $" and {items.Length - 3} more" : "")}). "
            + $"The last checkpoint, in {options.Output}, is from before. Try a lower learning rate than {options.LearningRate}, or a clip norm.");
    }
}
