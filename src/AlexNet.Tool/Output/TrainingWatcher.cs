using System.Diagnostics;

namespace AlexNetTF.Tool;

/// <summary>Prints an epoch as it ends, and on a terminal one line of progress in between.</summary>
internal sealed class TrainingWatcher(OutputChoice output) : IProgress<TrainingProgress>, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly bool shown = Terminal.ShowsProgress && !output.Quiet;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan last;
    private int width;

    /// <summary>Loss and shares in words.</summary>
    public static string Describe(Score score) => $"loss {score.Loss:F4}, top-1 {score.Top1:P1}, top-5 {score.Top5:P1}";

    /// <summary>Called on the thread that trains, in order.</summary>
    public void Report(TrainingProgress value)
    {
        if (value.Completed is { } epoch)
        {
            Erase();
            if (output.JsonLines) Json.PrintLine(TrainingJson.Epoch(epoch));
            else if (output.ForPeople) Console.Out.WriteLine(Line(epoch, value.Epochs));
        }
        else if (shown && clock.Elapsed - last >= Pause)
        {
            last = clock.Elapsed;
            Draw(Line(value));
        }
    }

    /// <summary>Removes the line of progress.</summary>
    public void Finish() => Erase();

    public void Dispose() => Erase();

    private static string Line(EpochMetrics epoch, int epochs) => epoch.Validation is { } score
        ? $"epoch {epoch.Epoch}/{epochs}: {Describe(score)} (training: loss {epoch.Training.Loss:F4}, top-1 {epoch.Training.Top1:P1})"
        : $"epoch {epoch.Epoch}/{epochs}: {Describe(epoch.Training)} on the training pictures";

    private static string Line(TrainingProgress value)
    {
        string what = value.Phase switch
        {
            TrainingPhase.Features => "computing features",
            TrainingPhase.Validation => "judging",
            _ => $"step {value.Step}/{value.Steps}, loss {value.Loss:F4}",
        };
        string left = value.TimeLeft is { } time ? $", {time:h\\:mm\\:ss} left" : "";
        return $"epoch {value.Epoch}/{value.Epochs}, {what}, {value.ImagesPerSecond:F0} pictures/s{left}";
    }

    private void Draw(string line)
    {
        Console.Error.Write($"\r{line.PadRight(width)}");
        width = line.Length;
    }

    private void Erase()
    {
        if (width == 0) return;
        Console.Error.Write($"\r{new string(' ', width)}\r");
        width = 0;
    }
}
