using System.Text.Json.Nodes;

namespace AlexNetTF.FineTuning;

/// <summary>A run's pictures as data.json holds them, so that a resumed run sees the same ones in the same order.</summary>
internal sealed record RunData(ImageDataset Train, ImageDataset? Validation)
{
    public const string FileName = "data.json";

    public void Write(string runFolder) => JsonFile.Write(
        Path.Combine(runFolder, FileName),
        new JsonObject
        {
            ["labels"] = JsonFile.Strings(Train.Labels),
            ["train"] = ToJson(Train),
            ["validation"] = Validation is null ? null : ToJson(Validation),
        });

    public static RunData Read(string runFolder)
    {
        string path = Path.Combine(runFolder, FileName);
        return JsonFile.Read(path, j =>
        {
            var labels = new Labels(j.Strings("labels"));
            return new RunData(ToDataset(j.Get("train"), labels, path), j["validation"] is { } validation ? ToDataset(validation, labels, path) : null);
        });
    }

    /// <summary>Checks the pictures before anything starts.</summary>
    /// <exception cref="AlexNetException">There are none, the classes of both sets differ, or the class weights are not for them.</exception>
    public static void RequireFit(ImageDataset train, ImageDataset? validation, FineTunerOptions options)
    {
        if (train.Count == 0) throw new AlexNetException("There are no training pictures.");
        if (validation is not null && !validation.Labels.SequenceEqual(train.Labels))
        {
            throw new AlexNetException($"The training pictures have the classes {Names(train)}, the validation pictures {Names(validation)}; they must be the same in the same order. Read the second set with the labels of the first.");
        }

        if (options.ClassWeights is { } weights && weights.Count != train.Classes)
        {
            throw new AlexNetException($"FineTunerOptions.ClassWeights has {weights.Count} numbers for {train.Classes} classes; there must be one for each.");
        }
    }

    private static string Names(ImageDataset data) => string.Join(", ", data.Labels.Take(8)) + (data.Classes > 8 ? $" … ({data.Classes})" : "");

    private static JsonArray ToJson(ImageDataset data) => new([.. data.Items.Select(item => new JsonObject { ["path"] = Path.GetFullPath(item.Path), ["label"] = item.Label })]);

    private static ImageDataset ToDataset(JsonNode items, Labels labels, string path) =>
        new(path, [.. items.AsArray().Select(item => new DatasetItem(item!.AsObject().Text("path"), item.AsObject().Int("label")))], labels);
}
