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

    private static JsonArray ToJson(ImageDataset data) => new([.. data.Items.Select(item => new JsonObject { ["path"] = Path.GetFullPath(item.Path), ["label"] = item.Label })]);

    private static ImageDataset ToDataset(JsonNode items, Labels labels, string path) =>
        new(path, [.. items.AsArray().Select(item => new DatasetItem(item!.AsObject().Text("path"), item.AsObject().Int("label")))], labels);
}
