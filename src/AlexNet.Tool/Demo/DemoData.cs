using System.Text.Json;

namespace AlexNetTF.Tool;

/// <summary>A shipped picture, what it shows, and what TensorFlow answered.</summary>
internal sealed record DemoPicture(string Path, string Name, string Label, int LabelIndex, int TensorFlowAnswer, double TensorFlowProbability);

/// <summary>The demo's pictures, labels and trained head.</summary>
internal sealed record DemoData(string Folder, string Weights, Labels Labels, IReadOnlyList<DemoPicture> Pictures)
{
    /// <summary>The graph seed whose initial values the head was trained on.</summary>
    public const long Seed = 1;

    /// <summary>The pictures to learn from, a folder per class.</summary>
    public string TrainFolder => Path.Combine(Folder, "fashion", "train");

    /// <summary>The pictures that TensorFlow has classified, a folder per class.</summary>
    public string TestFolder => Path.Combine(Folder, "fashion", "test");

    /// <param name="folder">Where they are; the copy beside the tool if null.</param>
    public static DemoData Open(string? folder)
    {
        string root = folder ?? Path.Combine(AppContext.BaseDirectory, "demo");
        string answers = Path.Combine(root, "tensorflow-answers.json");
        if (!File.Exists(answers)) throw new AlexNetException($"{root} does not hold the demo (tensorflow-answers.json is missing). Name the folder samples/demo with --data.");
        Labels labels = Labels.Load(Path.Combine(root, "labels.txt"));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(answers));
        return new DemoData(root, Path.Combine(root, "fashion.npy"), labels, [.. document.RootElement.GetProperty("answers").EnumerateArray().Select(answer => Picture(root, labels, answer))]);
    }

    private static DemoPicture Picture(string root, Labels labels, JsonElement answer)
    {
        string name = answer.GetProperty("path").GetString()!, label = answer.GetProperty("label").GetString()!;
        return new DemoPicture(
            Path.Combine(root, name),
            name,
            label,
            IndexOf(labels, label),
            IndexOf(labels, answer.GetProperty("predicted").GetString()!),
            answer.GetProperty("probability").GetDouble());
    }

    private static int IndexOf(Labels labels, string name)
    {
        for (int i = 0; i < labels.Count; i++)
        {
            if (labels[i] == name) return i;
        }

        throw new AlexNetException($"The demo's labels.txt has no '{name}'.");
    }
}
