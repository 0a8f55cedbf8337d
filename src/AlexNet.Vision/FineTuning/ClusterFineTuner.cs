using AlexNetTF.FineTuning;
using NumSharp;

namespace AlexNetTF;

/// <summary>
/// Fine-tuning by several processes: data-parallel and asynchronous, on TensorFlow's distributed runtime. Variables that
/// training changes, the optimizer's state and the step stand on the parameter servers; each worker takes the pictures
/// whose place in the list, modulo the number of workers, is its number, and updates the variables without waiting for others.
/// Worker 0, the chief, gives the variables their first values, judges after each epoch and keeps the run's folder. Whoever
/// is ended and started again goes on from the servers' variables. Such a run does not repeat bit for bit.
/// </summary>
public sealed class ClusterFineTuner
{
    private readonly FineTunerOptions options;
    private readonly ClusterTask task;

    /// <summary>A worker.</summary>
    /// <param name="options">As for <see cref="FineTuner"/>; the session's engine is TensorFlow.</param>
    /// <param name="task">Which worker this process is.</param>
    /// <exception cref="AlexNetException">An option is out of range, or the cluster has no such worker or no parameter server.</exception>
    public ClusterFineTuner(FineTunerOptions options, ClusterTask task)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(task);
        if (options.Session.Engine != Engine.TensorFlow) throw new AlexNetException($"A cluster runs on TensorFlow, the session's engine is {options.Session.Engine}: set FineTunerOptions.Session to new SessionOptions {{ Engine = Engine.TensorFlow }}.");
        this.options = options.Validated();
        this.task = task.Validated();
    }

    /// <summary>
    /// Takes part in a run until its end. A process can do this once, because TensorFlow's server lasts as long as it. If the chief's
    /// folder holds the run already and the servers have its variables, it goes on.
    /// </summary>
    /// <param name="train">All training pictures, the same for every worker.</param>
    /// <param name="validation">Pictures that the chief judges each epoch by; null for none.</param>
    /// <param name="progress">Told after every few steps and, by the chief, after each epoch.</param>
    /// <param name="cancellationToken">Ends this worker after its current step; the chief saves first.</param>
    /// <exception cref="FineTuningException">A server or the chief does not come, a server was lost, this worker differs from the chief, the loss became infinite or no number, or the folder holds a run that the servers do not have.</exception>
    /// <exception cref="AlexNetException">An option, the data or the weights do not fit, or the port is taken.</exception>
    public Task<ClusterResult> RunAsync(
        ImageDataset train, ImageDataset? validation = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        RunData.RequireFit(train, validation, options);
        return Task.Run(() => JoinAsync(options, new RunData(train, validation), fromCheckpoint: false, progress, cancellationToken), cancellationToken);
    }

    /// <summary>The chief goes on with a run from its last checkpoint, with the options and pictures that its folder names: after the parameter servers were started anew.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="task">The chief.</param>
    /// <param name="session">Device and threads; TensorFlow computes.</param>
    /// <param name="progress">As for <see cref="RunAsync"/>.</param>
    /// <param name="cancellationToken">As for <see cref="RunAsync"/>.</param>
    /// <exception cref="FineTuningException">As for <see cref="RunAsync"/>, or there is no checkpoint, or the task is not worker 0.</exception>
    public static Task<ClusterResult> ResumeAsync(
        string runFolder, ClusterTask task, SessionOptions? session = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(runFolder);
        ArgumentNullException.ThrowIfNull(task);
        return ResumeAsync(runFolder, task, options => options with { Session = session ?? new SessionOptions { Engine = Engine.TensorFlow } }, progress, cancellationToken);
    }

    /// <summary>Goes on with options that no file holds.</summary>
    internal static Task<ClusterResult> ResumeAsync(
        string runFolder, ClusterTask task, Func<FineTunerOptions, FineTunerOptions> complete, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (task.Worker != 0) throw new FineTuningException($"Only worker 0 goes on from a run's folder; worker {task.Worker} takes the servers' variables: start it with the command that it had.");
        if (CheckpointIndex.Read(runFolder) is null) throw new FineTuningException($"{runFolder} holds no checkpoint to resume from ({CheckpointIndex.FileName} is missing). Start the run anew in another folder.");
        var tuner = new ClusterFineTuner(complete(RunFolder.ReadOptions(runFolder)), task);
        return Task.Run(() => tuner.JoinAsync(tuner.options, RunData.Read(runFolder), fromCheckpoint: true, progress, cancellationToken), cancellationToken);
    }

    private async Task<ClusterResult> JoinAsync(FineTunerOptions given, RunData data, bool fromCheckpoint, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        FineTunerOptions options = fromCheckpoint ? given : StartingWeights.Complete(given);
        var share = new ClusterShare(data.Train, task, options);
        TensorFlowServer server = TensorFlowServer.Start(task.Cluster, ClusterPlacement.Workers, task.Worker, options.Session);
        await ClusterWaiting.ForServersAsync(task, cancellation).ConfigureAwait(false);
        string[] needed = [$"/job:{ClusterPlacement.Servers}", ClusterPlacement.DeviceOf(ClusterPlacement.Workers, task.Worker)];
        options = options with { Session = options.Session with { Target = server.Target, DeviceFilters = needed } };
        return await ClusterWatch.WhileServersLastAsync(task, () => Remedy(options.Output), () => TakePartAsync(options, data, share, fromCheckpoint, progress, cancellation)).ConfigureAwait(false);
    }

    private string Remedy(string output) => task.Worker == 0 && CheckpointIndex.Read(output) is not null
        ? $"go on from the last checkpoint with: alexnet finetune --resume {output} --cluster FILE --job {ClusterPlacement.Workers} --task 0."
        : $"start this worker again with the same command{(task.Worker == 0 ? "" : ", and worker 0 with --resume RUN, whose checkpoint has the variables")}.";

    private async Task<ClusterResult> TakePartAsync(FineTunerOptions options, RunData data, ClusterShare share, bool fromCheckpoint, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var placement = new ClusterPlacement(task.Worker, task.Servers.Count, options.TrainLayers);
        using var network = new TrainingNetwork(options, options.Topology!.Value, data.Train.Classes, options.Epochs * share.StepsPerEpoch, placement);
        return task.Worker == 0
            ? await LeadAsync(options, network, data, share, fromCheckpoint, progress, cancellation).ConfigureAwait(false)
            : await FollowAsync(options, network, data, share, progress, cancellation).ConfigureAwait(false);
    }

    private async Task<ClusterResult> FollowAsync(
        FineTunerOptions options, TrainingNetwork network, RunData data, ClusterShare share, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        StartingWeights.Load(network, options, frozenOnly: true);
        var setup = ClusterSetup.Of(options, data.Train, task.Workers, network);
        await ClusterWaiting.ForChiefAsync(task, network, cancellation).ConfigureAwait(false);
        setup.RequireAlike(network);
        var state = new TrainingState();
        using var run = new ClusterRun(options, network, share, state, new ProgressMeter(progress, options, state, options.Epochs * share.StepsPerEpoch), chief: null);
        await run.TrainAsync(cancellation).ConfigureAwait(false);
        return new ClusterResult(task.Worker, run.Steps, state.Step, null);
    }

    private async Task<ClusterResult> LeadAsync(
        FineTunerOptions options, TrainingNetwork network, RunData data, ClusterShare share, bool fromCheckpoint, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        bool serversHaveIt = ClusterSetup.IsPublished(network);
        if (!serversHaveIt) ClusterSetup.Withdraw(network);
        (TrainingState state, string? frozenHash) = CheckpointIndex.Read(options.Output) is { } index
            ? Continue(options, network, index, serversHaveIt, fromCheckpoint)
            : Start(options, network, data, serversHaveIt);
        var setup = ClusterSetup.Of(options, data.Train, task.Workers, network);
        long steps = options.Epochs * share.StepsPerEpoch;
        if (serversHaveIt)
        {
            setup.RequireAlike(network);
        }
        else
        {
            network.Shared!.End.Load(NDArray.Scalar(state.StoppedEarly ? state.Step : steps), network.Session);
            setup.Publish(network);
        }

        var meter = new ProgressMeter(progress, options, state, steps);
        using var checkpoints = new RunCheckpoints(network, options, data.Train.Labels, frozenHash);
        if (CheckpointIndex.Read(options.Output) is null) checkpoints.Save(state, isBest: false);
        using ClusterChief chief = RunFolder.Guard(options.Output, () => new ClusterChief(options, network, data, share.StepsPerEpoch, checkpoints, state, meter));
        using var run = new ClusterRun(options, network, share, state, meter, chief);
        await run.TrainAsync(cancellation).ConfigureAwait(false);
        await chief.ReportAsync(run.KeepsFeatures, cancellation).ConfigureAwait(false);
        return new ClusterResult(task.Worker, run.Steps, state.Step, new FineTuningResult([.. state.History], state.Best!, options.Output, state.StoppedEarly));
    }

    private static (TrainingState State, string? FrozenHash) Start(FineTunerOptions options, TrainingNetwork network, RunData data, bool serversHaveIt)
    {
        RunFolder.Create(options, data);
        StartingWeights.Load(network, options, frozenOnly: serversHaveIt);
        return RunFolder.Guard(options.Output, () =>
        {
            RunReport.KeepFirstFilters(network, options.Output);
            return (new TrainingState(), RunCheckpoints.WriteFrozen(network, options.Output));
        });
    }

    private static (TrainingState State, string? FrozenHash) Continue(FineTunerOptions options, TrainingNetwork network, CheckpointIndex index, bool serversHaveIt, bool fromCheckpoint)
    {
        if (!serversHaveIt && !fromCheckpoint)
        {
            throw new FineTuningException($"{options.Output} holds a run already, and the parameter servers have no variables of it. Go on from its last checkpoint with --resume {options.Output}, or name another folder.");
        }

        CheckpointFolder last = CheckpointFolder.Open(options.Output, index.Last);
        RunCheckpoints.RemoveLeftovers(options.Output, index);
        Variable[] wanted = serversHaveIt ? [.. network.Frozen] : [.. network.Parameters, .. network.State];
        string[] missing = last.LoadInto(network.Session, wanted);
        if (missing.Length > 0) throw new FileFormatException(last.Path, $"it has no values for {string.Join(", ", missing)}; the run cannot go on from it.");
        TrainingState state = last.State;
        // The epoch under way is counted by its later steps alone.
        state.Sum = new ScoreSum();
        if (!serversHaveIt) network.Step.Load(NDArray.Scalar(state.Step), network.Session);
        return (state, last.Frozen?.Sha256);
    }
}
