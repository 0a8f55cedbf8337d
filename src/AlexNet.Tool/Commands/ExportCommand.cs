using System.CommandLine;
using System.Text.Json.Nodes;

namespace AlexNetTF.Tool;

/// <summary>alexnet export: the network or its weights in another format.</summary>
internal sealed class ExportCommand
{
    private readonly Option<string> format = new Option<string>("--format")
    {
        Description = "onnx or graphdef (the network as a model, for ONNX Runtime or TensorFlow), npy, npz, safetensors or tf-checkpoint (its weights).",
        Required = true,
    }.AcceptOnlyFromAmong("onnx", "graphdef", "savedmodel", "npy", "npz", "safetensors", "tf-checkpoint");

    private readonly Option<string> target = new("--output") { Description = "The file to write; of a checkpoint the prefix of its files, of a SavedModel its folder.", Required = true };

    private readonly Option<string> layout = new Option<string>("--layout")
    {
        Description = "onnx: the order of a picture's dimensions, nhwc (as in TensorFlow) or nchw.",
        DefaultValueFactory = _ => "nhwc",
    }.AcceptOnlyFromAmong("nhwc", "nchw");

    private readonly Option<bool> withPreprocessing = new("--with-preprocessing") { Description = "onnx: the model takes RGB pixels (uint8) of the network's size and prepares them itself." };
    private readonly Option<bool> externalData = new("--external-data") { Description = "onnx: the weights go into a second file, OUTPUT.data." };
    private readonly NetworkOptions network;
    private readonly OutputOptions output;

    private ExportCommand(Command command)
    {
        command.Add(format);
        command.Add(target);
        command.Add(layout);
        command.Add(withPreprocessing);
        command.Add(externalData);
        network = NetworkOptions.AddTo(command);
        output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public static Command Create()
    {
        var command = new Command(
            "export",
            """
            Writes the network, or its weights, in another format.

            Examples:
              alexnet export --weights bvlc_alexnet.caffemodel --format npy --output bvlc_alexnet.npy
              alexnet export --weights bvlc_alexnet.npy --topology bvlc --format onnx --layout nchw --output alexnet.onnx
            """);
        _ = new ExportCommand(command);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        OutputChoice choice = output.Read(parsed);
        string kind = parsed.GetValue(format)!, path = parsed.GetValue(target)!;
        using ImageClassifier classifier = network.Load(parsed, new SessionOptions());
        IReadOnlyList<string> files = kind switch
        {
            "onnx" => ExportOnnx(classifier, path, parsed),
            "graphdef" => ExportGraphDef(classifier, path),
            "savedmodel" => classifier.Network.ExportSavedModel(classifier.Session, path),
            _ => classifier.Network.SaveWeights(classifier.Session, path, FormatOf(kind)),
        };
        if (!choice.Quiet && kind is "npy" or "npz" or "tf-checkpoint" && classifier.Network.Topology == Topology.Bvlc)
        {
            Console.Error.WriteLine("alexnet: this format does not tell the order of normalization and pooling; load it with --topology bvlc");
        }

        string[] hashes = [.. files.Select(file => KnownWeights.Verify(file, cancellation).Hashes.Sha256)];
        if (choice.Json)
        {
            Json.Print(new JsonObject
            {
                ["output"] = path,
                ["sha256"] = hashes[0],
                ["files"] = new JsonArray([.. files.Zip(hashes, (file, hash) => new JsonObject { ["file"] = file, ["sha256"] = hash })]),
            });
        }
        else
        {
            foreach ((string file, string hash) in files.Zip(hashes)) Console.Out.WriteLine($"{hash}  {file}");
        }

        return ExitCode.Done;
    }

    private static string[] ExportGraphDef(ImageClassifier classifier, string path)
    {
        classifier.Network.ExportGraphDef(classifier.Session, path);
        return [path];
    }

    private string[] ExportOnnx(ImageClassifier classifier, string path, ParseResult parsed)
    {
        bool external = parsed.GetValue(externalData);
        classifier.Network.ExportOnnx(classifier.Session, path, new OnnxExportOptions
        {
            Layout = parsed.GetValue(layout) == "nchw" ? OnnxLayout.Nchw : OnnxLayout.Nhwc,
            Preprocessing = parsed.GetValue(withPreprocessing) ? classifier.Preprocessing.ToOnnx() : null,
            ExternalData = external ? true : null,
        });
        return external ? [path, path + ".data"] : [path];
    }

    private static WeightFormat FormatOf(string name) => name switch
    {
        "npy" => WeightFormat.Npy,
        "npz" => WeightFormat.Npz,
        "safetensors" => WeightFormat.Safetensors,
        _ => WeightFormat.Checkpoint,
    };
}
