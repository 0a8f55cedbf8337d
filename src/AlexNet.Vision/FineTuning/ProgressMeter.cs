using System.Diagnostics;

namespace AlexNetTF.FineTuning;

/// <summary>Tells a listener where the run stands, how fast it is and how long it will take.</summary>
internal sealed class ProgressMeter(IProgress<TrainingProgress>? progress, FineTunerOptions options, TrainingState state, long steps)
{
    private readonly Stopwatch training = new();
    private readonly Stopwatch phaseClock = new();
    private readonly long firstStep = state.Step;
    private TrainingPhase phase;
    private double loss = double.NaN;
    private long pictures;
    private TrainingProgress? held;

    public void Begin(TrainingPhase next)
    {
        phase = next;
        pictures = 0;
        phaseClock.Restart();
        // Features are computed once; what they take says nothing about the time that is left.
        if (next == TrainingPhase.Features) training.Stop();
        else training.Start();
    }

    /// <summary>Some of the phase's pictures are done.</summary>
    public void Count(int done, int of)
    {
        pictures = done;
        Report(null);
    }

    /// <summary>A step is done.</summary>
    public void Step(int count, double lastLoss, bool reports)
    {
        pictures += count;
        loss = lastLoss;
        if (reports) Report(null);
    }

    /// <summary>A pass is done; <see cref="Deliver"/> tells, once its checkpoint is written.</summary>
    public void Completed(EpochMetrics epoch)
    {
        phase = TrainingPhase.EpochDone;
        held = Now(epoch);
    }

    /// <summary>Tells of a pass that was held back.</summary>
    public void Deliver()
    {
        if (held is not { } report) return;
        held = null;
        progress?.Report(report);
    }

    private void Report(EpochMetrics? completed) => progress?.Report(Now(completed));

    private TrainingProgress Now(EpochMetrics? completed)
    {
        double seconds = phaseClock.Elapsed.TotalSeconds;
        long done = state.Step - firstStep;
        TimeSpan? left = done == 0 ? null : training.Elapsed * ((double)(steps - state.Step) / done);
        int epoch = completed?.Epoch ?? Math.Min(state.Epoch + 1, options.Epochs);
        return new TrainingProgress(phase, epoch, options.Epochs, state.Step, steps, loss, seconds > 0 ? pictures / seconds : 0, left, completed);
    }
}
