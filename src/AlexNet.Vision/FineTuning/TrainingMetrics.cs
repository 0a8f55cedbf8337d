namespace AlexNetTF;

/// <summary>How well pictures are told apart; every picture counts once.</summary>
/// <param name="Loss">The mean cross entropy, natural logarithm.</param>
/// <param name="Top1">The share of pictures whose class is the most likely one.</param>
/// <param name="Top5">The share of pictures whose class is among the five most likely ones.</param>
public sealed record Score(double Loss, double Top1, double Top5);

/// <summary>One pass over the training pictures.</summary>
/// <param name="Epoch">The number of the pass, from 1.</param>
/// <param name="Step">Steps done since the run began.</param>
/// <param name="LearningRate">The rate that the next step takes.</param>
/// <param name="Training">The training pictures, each judged just before it was learned from, dropout included; the loss with class weights.</param>
/// <param name="Validation">The validation pictures after the pass; null without any.</param>
public sealed record EpochMetrics(int Epoch, long Step, double LearningRate, Score Training, Score? Validation)
{
    /// <summary>The validation's score where there is one, else the training's.</summary>
    public Score Judged => Validation ?? Training;
}

/// <summary>What a fine-tuner is doing.</summary>
public enum TrainingPhase
{
    /// <summary>Computing what the layers before the trained ones make of each picture.</summary>
    Features,

    /// <summary>Learning.</summary>
    Training,

    /// <summary>Judging the validation pictures.</summary>
    Validation,

    /// <summary>An epoch is done and its checkpoint is on the disk (the next epoch may have begun meanwhile); <see cref="TrainingProgress.Completed"/> holds it.</summary>
    EpochDone,
}

/// <summary>Where a run stands.</summary>
/// <param name="Phase">What is being done.</param>
/// <param name="Epoch">The current pass, from 1.</param>
/// <param name="Epochs">Passes in all.</param>
/// <param name="Step">Steps done since the run began.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">The last step's loss; NaN before the first.</param>
/// <param name="ImagesPerSecond">Pictures per second in this phase and epoch.</param>
/// <param name="TimeLeft">How long training will take if it goes on as now; null while that is unknown.</param>
/// <param name="Completed">The epoch that just ended, or null.</param>
public sealed record TrainingProgress(
    TrainingPhase Phase, int Epoch, int Epochs, long Step, long Steps, double Loss, double ImagesPerSecond, TimeSpan? TimeLeft, EpochMetrics? Completed);

/// <summary>What a run came to.</summary>
/// <param name="Epochs">All passes in order.</param>
/// <param name="Best">The best pass: the highest top-1 share of <see cref="EpochMetrics.Judged"/>, of equal ones the lowest loss.</param>
/// <param name="Output">The run's folder, for <see cref="ImageClassifier.FromCheckpoint"/>.</param>
/// <param name="StoppedEarly">Whether patience ended the run.</param>
public sealed record FineTuningResult(IReadOnlyList<EpochMetrics> Epochs, EpochMetrics Best, string Output, bool StoppedEarly)
{
    /// <summary>The last pass.</summary>
    public EpochMetrics Last => Epochs[^1];
}

/// <summary>A fine-tuning run cannot go on, or cannot be resumed. The message names the step, the file and the remedy.</summary>
public sealed class FineTuningException : AlexNetException
{
    /// <summary>Creates the error.</summary>
    public FineTuningException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
