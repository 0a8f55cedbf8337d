using System.Diagnostics;
using System.Globalization;

namespace AlexNetTF.Benchmarks;

/// <summary>
/// A side in a process of its own, which waits for its turns: nobody's heap, threads or crash meets the others. One that ends
/// itself is started anew, once for each row, and that is said.
/// </summary>
internal sealed class SideProcess(string side, Action<string> note) : IDisposable
{
    public const string Mark = "--side";
    private Process? _process;
    private string _row = "";

    public string Name => side;

    /// <summary>Makes the side ready for a row and warms it up.</summary>
    public void Prepare(string row)
    {
        _row = row;
        try
        {
            Ask(row);
        }
        catch (IOException lost)
        {
            StartAnew(lost);
        }
    }

    /// <summary>The milliseconds of a call, with one before that is not counted.</summary>
    public double Turn()
    {
        // The peers' idle threads spin for a while after a call and would take cores from the next in turn.
        Thread.Sleep(50);
        try
        {
            return double.Parse(Ask("turn"), CultureInfo.InvariantCulture);
        }
        catch (IOException lost)
        {
            StartAnew(lost);
            return double.Parse(Ask("turn"), CultureInfo.InvariantCulture);
        }
    }

    public void Dispose()
    {
        if (_process is null) return;
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The process's part: answers rows and turns until its input ends.</summary>
    public static void Serve(string side)
    {
        using ISide own = side switch
        {
            Sides.Ours => new OwnNetwork(),
            Sides.OnnxRuntime => new OnnxRuntimeNetwork(),
            Sides.TensorFlow => new TensorFlowNetwork(),
            Sides.OurStep => new TrainingStep(Engine.Managed),
            Sides.TensorFlowStep => new TrainingStep(Engine.TensorFlow),
            _ => throw new ArgumentException($"There is no side {side}."),
        };
        Action run = () => throw new InvalidOperationException("A turn before any row.");
        while (Console.ReadLine() is { } line)
        {
            if (line == "turn")
            {
                run();
                Console.WriteLine(Clock.Milliseconds(run).ToString("R", CultureInfo.InvariantCulture));
                continue;
            }

            run = own.Call(line);
            Clock.WarmUp(run);
            Console.WriteLine("ready");
        }
    }

    private string Ask(string line)
    {
        _process ??= ChildProcess.Start([Mark, side], input: true);
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() ?? throw new EndOfStreamException($"The process of {side} closed its output.");
    }

    private void StartAnew(IOException lost)
    {
        _process!.WaitForExit();
        note($"{side} ended with exit code {_process.ExitCode} in row {_row} ({lost.Message}) and is started anew");
        _process.Dispose();
        _process = null;
        Ask(_row);
    }
}
