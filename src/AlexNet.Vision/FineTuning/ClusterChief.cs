using NumSharp;

namespace AlexNetTF.FineTuning;

/// <summary>What the chief does beside its steps: judges after each epoch, keeps the run's folder, ends the run early.</summary>
internal sealed class ClusterChief : IDisposable
{
    private readonly FineTunerOptions options;
    private readonly TrainingNetwork network;
    private readonly RunData data;
    private readonly long stepsPerEpoch;
    private readonly RunCheckpoints checkpoints;
    private readonly TrainingState state;
    private readonly ProgressMeter meter;
    private readonly PictureFeed? validation;
    private readonly RunLog log;
    private long savedStep;

    /// <param name="options">The run's options.</param>
    /// <param name="network">The network, its variables initialised.</param>
    /// <param name="data">All pictures.</param>
    /// <param name="stepsPerEpoch">All workers' steps in an epoch.</param>
    /// <param name="checkpoints">Writes checkpoints.</param>
    /// <param name="state">Where the run stands, as the last checkpoint says; the servers may be further.</param>
    /// <param name="meter">Told how it goes.</param>
    public ClusterChief(FineTunerOptions options, TrainingNetwork network, RunData data, long stepsPerEpoch, RunCheckpoints checkpoints, TrainingState state, ProgressMeter meter)
    {
        (this.options, this.network, this.data, this.stepsPerEpoch, this.checkpoints, this.state, this.meter) = (options, network, data, stepsPerEpoch, checkpoints, state, meter);
        savedStep = state.Step;
        validation = Feed(network);
        log = new RunLog(options, network, data, state, checkpoints);
    }

    /// <summary>What a step computes in addition: near the end of an epoch the gradients.</summary>
    public IEnumerable<Fetch> Fetches() => log.Fetches(state.Step + 1 >= NextEpochsStep);

    /// <summary>Notes a step of the chief's.</summary>
    public void Note(float loss, float[] scores, int[] labels, ReadOnlyMemory<NDArray?> fetched) => log.Step(loss, scores, labels, fetched);

    /// <summary>Judges where an epoch has ended, and saves where it is time to.</summary>
    /// <returns>The step at which all are to end; null to go on as before.</returns>
    public async Task<long?> AfterStepAsync(CancellationToken cancellation)
    {
        if (state.Step < NextEpochsStep)
        {
            if (options.CheckpointEvery > 0 && state.Step - savedStep >= options.CheckpointEvery) Save(isBest: false);
            return null;
        }

        return await EndEpochAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Saves, if there was a step since the last checkpoint.</summary>
    public void SaveWhatIsNew()
    {
        if (state.Step != savedStep) Save(isBest: false);
    }

    /// <summary>Writes report.html by a network of this process, so that the servers' variables stay as they are.</summary>
    public async Task ReportAsync(bool keepsFeatures, CancellationToken cancellation)
    {
        if (!options.Report) return;
        using var own = new TrainingNetwork(options with { Session = options.Session with { Target = "", DeviceFilters = [] } }, network.Topology, network.Classes, steps: 1);
        CheckpointFolder.Find(options.Output).LoadInto(own.Session, own.Parameters);
        using PictureFeed? feed = Feed(own);
        await RunReport.WriteAsync(
            options,
            own,
            data,
            state,
            keepsFeatures,
            async token => feed is null ? null : (await Judging.RunAsync(own, feed, data.Train.Labels, meter, token).ConfigureAwait(false)).ToEvaluation(),
            cancellation).ConfigureAwait(false);
    }

    public void Dispose()
    {
        validation?.Dispose();
        log.Dispose();
    }

    private long NextEpochsStep => (state.Epoch + 1) * stepsPerEpoch;

    private PictureFeed? Feed(TrainingNetwork judged)
    {
        IReadOnlyList<Tensor> frontier = options.FeatureCache ? FrozenPrefix.Find(judged.Input, [judged.Train, judged.Loss, judged.Logits]) : [];
        return data.Validation is null ? null : new PictureFeed(judged, data.Validation, options, frontier, Path.Combine(options.Output, "features-validation.tmp"));
    }

    // Others go on meanwhile: the variables that are judged, and those that are saved, may be some steps apart.
    private async Task<long?> EndEpochAsync(CancellationToken cancellation)
    {
        Score? score = validation is null ? null : (await Judging.RunAsync(network, validation, data.Train.Labels, meter, cancellation).ConfigureAwait(false)).Score;
        double rate = network.Session.Run(network.Rate, cancellationToken: CancellationToken.None).GetAtIndex<float>(0);
        EpochMetrics epoch = state.EndEpoch((int)Math.Min(options.Epochs, state.Step / stepsPerEpoch), rate, score, options);
        log.Epoch(epoch);
        Save(isBest: state.Best == epoch);
        meter.Completed(epoch);
        meter.Deliver();
        if (!state.StoppedEarly) return null;
        network.Shared!.End.Load(NDArray.Scalar(state.Step), network.Session);
        return state.Step;
    }

    private void Save(bool isBest)
    {
        checkpoints.Save(state, isBest);
        savedStep = state.Step;
    }
}
