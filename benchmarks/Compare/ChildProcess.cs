using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using NumSharp;

namespace AlexNetTF.Benchmarks;

/// <summary>This program as a child that does one thing and says how much memory it took at most.</summary>
internal static class ChildProcess
{
    public const string Mark = "--child";

    /// <summary>Starts this program anew; its output is ours to read.</summary>
    public static Process Start(string[] arguments, bool input = false)
    {
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(ChildProcess).Assembly.Location] : [];
        return Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardInput = input })!;
    }

    /// <summary>Runs the child to its end.</summary>
    /// <returns>The most bytes that it held in memory.</returns>
    public static double Run(string what, string argument)
    {
        using Process process = Start([Mark, what, argument]);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The child process {what} {argument} ended with exit code {process.ExitCode}.");
        return double.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>The child's part.</summary>
    public static void Work(string what, string argument)
    {
        switch (what)
        {
            case "ours":
                Ours(argument);
                break;
            case "onnxruntime":
                using (var session = new InferenceSession(argument)) OnnxRuntimeNetwork.Run(session, OwnNetwork.Pictures(1), 1);
                break;
            case "classify":
                using (ImageClassifier classifier = ImageClassifier.Load(argument)) classifier.Classify(Path.Combine("samples", "images", "zebra.jpeg"), top: 5);
                break;
            case "step":
                using (var training = new TrainingStep(Enum.Parse<Engine>(argument)))
                {
                    Action step = training.Call("step-all");
                    step();
                    step();
                }

                break;
            case "tune":
                FineTuning.Run(Enum.Parse<Engine>(argument));
                break;
            default:
                throw new ArgumentException($"There is no child work {what}.");
        }

        using Process own = Process.GetCurrentProcess();
        Console.WriteLine(own.PeakWorkingSet64.ToString(CultureInfo.InvariantCulture));
    }

    private static void Ours(string weights)
    {
        var graph = new Graph();
        var net = new AlexNet(graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), 1f, 1000, weightsPath: weights);
        using var session = new Session(graph);
        net.LoadWeights(session);
        session.Run(net.Fc8, new Feeds { [net.Input] = OwnNetwork.Batch(1) });
    }
}
