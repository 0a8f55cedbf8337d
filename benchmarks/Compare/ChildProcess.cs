using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using NumSharp;

namespace AlexNetTF.Benchmarks;

/// <summary>This program as a child that does one thing and says how much memory it took at most.</summary>
internal static class ChildProcess
{
    public const string Mark = "--child";

    /// <summary>Runs the child to its end.</summary>
    /// <returns>The most bytes that it held in memory.</returns>
    public static double Run(string what, string argument)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(ChildProcess).Assembly.Location] : (string[])[], Mark, what, argument]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The child process {what} {argument} ended with exit code {process.ExitCode}.");
        return double.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>The child's part.</summary>
    public static void Work(string what, string[] arguments)
    {
        switch (what)
        {
            case "ours":
                Ours(arguments[0]);
                break;
            case "onnxruntime":
                OnnxRuntime(arguments[0]);
                break;
            case "classify":
                using (ImageClassifier classifier = ImageClassifier.Load(arguments[0])) classifier.Classify(Path.Combine("samples", "images", "zebra.jpeg"), top: 5);
                break;
            case "step":
                using (var training = new Training(Enum.Parse<Engine>(arguments[0]), allLayers: true))
                {
                    training.Step();
                    training.Step();
                }

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
        session.Run(net.Fc8, new Feeds { [net.Input] = ((NDArray)Networks.Pictures(1)).reshape(1, 227, 227, 3) });
    }

    private static void OnnxRuntime(string model)
    {
        using var session = new InferenceSession(model);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(Networks.Pictures(1), [1, 227, 227, 3]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, session.InputNames, [input], session.OutputNames);
    }
}
