using System.Diagnostics;

namespace AlexNetTF.Tool;

/// <summary>One line on standard error that counts, shown only where a person watches it.</summary>
internal sealed class ProgressLine(OutputChoice output, int total) : IDisposable, IProgress<int>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly bool shown = Terminal.ShowsProgress && !output.Quiet && Console.IsOutputRedirected;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan last;
    private int done;

    public void Advance(int count = 1) => Report(done + count);

    public void Report(int value)
    {
        done = value;
        if (!shown || clock.Elapsed - last < Pause) return;
        last = clock.Elapsed;
        Console.Error.Write($"\r{done}/{total}, {done / clock.Elapsed.TotalSeconds:F1} pictures/s ");
    }

    public void Dispose()
    {
        if (shown && last != default) Console.Error.Write($"\r{done}/{total}, {clock.Elapsed.TotalSeconds:F1} s               \n");
    }
}
