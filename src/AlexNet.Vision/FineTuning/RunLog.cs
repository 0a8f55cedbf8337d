using NumSharp;

namespace AlexNetTF.FineTuning;

/// <summary>The metrics and events of a run; where they cannot be written the error names the checkpoint to go on from.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly FineTunerOptions options;
    private readonly TrainingState state;
    private readonly RunCheckpoints checkpoints;
    private readonly MetricsLog metrics;
    private readonly RunEvents? events;

    /// <param name="options">The run's options.</param>
    /// <param name="network">The network.</param>
    /// <param name="data">All pictures.</param>
    /// <param name="state">Where the run stands; what is logged is of then.</param>
    /// <param name="checkpoints">The run's checkpoints, of which an error names the last.</param>
    public RunLog(FineTunerOptions options, TrainingNetwork network, RunData data, TrainingState state, RunCheckpoints checkpoints)
    {
        (this.options, this.state, this.checkpoints) = (options, state, checkpoints);
        metrics = new MetricsLog(options.Output, state);
        events = RunEvents.Open(options, network, data, state);
    }

    /// <summary>What a step computes in addition: at the end of a pass the gradients.</summary>
    public IEnumerable<Fetch> Fetches(bool endsPass) => events?.Fetches(endsPass) ?? [];

    /// <summary>Notes the step that was done.</summary>
    /// <param name="loss">The batch's.</param>
    /// <param name="scores">The batch's, a row per picture.</param>
    /// <param name="labels">The right classes.</param>
    /// <param name="fetched">The values of <see cref="Fetches"/>.</param>
    public void Step(float loss, float[] scores, int[] labels, ReadOnlyMemory<NDArray?> fetched) => Write(() =>
    {
        events?.Step(state.Step, loss, scores, labels, fetched.Span);
        if (state.Step % options.LogEvery == 0) metrics.Step(state.Step, state.Epoch + 1, loss);
    });

    /// <summary>Notes the end of a pass.</summary>
    public void Epoch(EpochMetrics epoch) => Write(() =>
    {
        metrics.Epoch(epoch);
        events?.Epoch(epoch);
    });

    public void Dispose()
    {
        metrics.Dispose();
        events?.Dispose();
    }

    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            checkpoints.Settle();
            throw RunCheckpoints.NotWritten("metrics", state.Step, options.Output, CheckpointIndex.Read(options.Output), error);
        }
    }
}
