using AlexNetTF.FineTuning;

namespace AlexNetTF;

/// <summary>
/// Trains layers of AlexNet on pictures of your own. A run has a folder: checkpoints, metrics.csv and metrics.jsonl,
/// options.json, data.json and report.html. A run that was cut off can be resumed, and then gives the same losses and
/// weights, bit for bit, as one that was not.
/// </summary>
/// <param name="options">What to train and how; the defaults if null.</param>
public sealed class FineTuner(FineTunerOptions? options = null)
{
    private readonly FineTunerOptions options = (options ?? new FineTunerOptions()).Validated();

    /// <summary>The options.</summary>
    public FineTunerOptions Options => options;

    /// <summary>Starts a run and trains to its end.</summary>
    /// <param name="train">The pictures to learn from.</param>
    /// <param name="validation">Pictures to judge each pass by, with the same classes; null for none.</param>
    /// <param name="progress">Told after every few steps and after each pass.</param>
    /// <param name="cancellationToken">Ends the run after the current step; its state is saved first.</param>
    /// <exception cref="FineTuningException">The loss became infinite or no number, or the run's folder holds a run already or cannot be written to.</exception>
    /// <exception cref="AlexNetException">An option, the data or the weights do not fit.</exception>
    /// <exception cref="OperationCanceledException">The token ended the run; it can be resumed.</exception>
    public Task<FineTuningResult> RunAsync(
        ImageDataset train, ImageDataset? validation = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        RunData.RequireFit(train, validation, options);
        return Task.Run(() => StartAsync(new RunData(train, validation), progress, cancellationToken), cancellationToken);
    }

    /// <summary>Goes on with a run from its last checkpoint, with the options and pictures that its folder names.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="session">Engine and threads, if others than before; the results do not depend on the threads.</param>
    /// <param name="progress">Told after every few steps and after each pass.</param>
    /// <param name="cancellationToken">Ends the run after the current step; its state is saved first.</param>
    /// <exception cref="FineTuningException">There is no checkpoint in the folder, or as for <see cref="RunAsync"/>.</exception>
    /// <exception cref="FileFormatException">A file of the run is missing, changed or damaged.</exception>
    public static Task<FineTuningResult> ResumeAsync(
        string runFolder, SessionOptions? session = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        ResumeAsync(runFolder, options => session is null ? options : options with { Session = session }, progress, cancellationToken);

    /// <summary>As the public one, with options changed.</summary>
    internal static Task<FineTuningResult> ResumeAsync(
        string runFolder, Func<FineTunerOptions, FineTunerOptions> change, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(runFolder);
        return Task.Run(() => ContinueAsync(runFolder, change, progress, cancellationToken), cancellationToken);
    }

    private static async Task<FineTuningResult> ContinueAsync(
        string runFolder, Func<FineTunerOptions, FineTunerOptions> change, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        CheckpointIndex index = CheckpointIndex.Read(runFolder)
            ?? throw new FineTuningException($"{runFolder} holds no checkpoint to resume from ({CheckpointIndex.FileName} is missing). Start the run anew in another folder.");
        FineTunerOptions options = change(RunFolder.ReadOptions(runFolder)).Validated();
        RunData data = RunData.Read(runFolder);
        CheckpointFolder last = CheckpointFolder.Open(runFolder, index.Last);
        RunCheckpoints.RemoveLeftovers(runFolder, index);
        using var network = new TrainingNetwork(options, last.Topology, data.Train.Classes, TrainingRun.StepsOf(data.Train.Count, options));
        TrainingState state = last.State;
        string[] missing = last.LoadInto(network.Session, [.. network.Parameters, .. network.State]);
        if (missing.Length > 0) throw new FileFormatException(last.Path, $"it has no values for {string.Join(", ", missing)}; the run cannot go on from it.");
        network.Step.Load(NumSharp.NDArray.Scalar(state.Step), network.Session);
        network.Session.Engine.SetRandomCounters(state.RandomCounters);
        using var checkpoints = new RunCheckpoints(network, options, data.Train.Labels, last.Frozen?.Sha256);
        return await FinishAsync(options, network, data, checkpoints, state, progress, cancellation).ConfigureAwait(false);
    }

    private static async Task<FineTuningResult> FinishAsync(
        FineTunerOptions options, TrainingNetwork network, RunData data, RunCheckpoints checkpoints, TrainingState state, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        using TrainingRun run = RunFolder.Guard(options.Output, () => new TrainingRun(options, network, data, checkpoints, state, progress));
        await run.TrainAsync(cancellation).ConfigureAwait(false);
        if (options.Report) await RunReport.WriteAsync(options, network, data, state, run.KeepsFeatures, run.JudgeAsync, cancellation).ConfigureAwait(false);
        return new FineTuningResult([.. state.History], state.Best!, options.Output, state.StoppedEarly);
    }

    private async Task<FineTuningResult> StartAsync(RunData data, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        FineTunerOptions options = StartingWeights.Complete(this.options);
        RunFolder.Create(options, data);
        using var network = new TrainingNetwork(options, options.Topology!.Value, data.Train.Classes, TrainingRun.StepsOf(data.Train.Count, options));
        StartingWeights.Load(network, options);
        RunFolder.Guard(options.Output, () => RunReport.KeepFirstFilters(network, options.Output));
        using var checkpoints = new RunCheckpoints(network, options, data.Train.Labels, frozenHash: null);
        var state = new TrainingState();
        checkpoints.Start(state);
        return await FinishAsync(options, network, data, checkpoints, state, progress, cancellation).ConfigureAwait(false);
    }
}
