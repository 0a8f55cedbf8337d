using System.Text.Json.Nodes;

namespace AlexNetTF.Tool;

/// <summary>A picture and the answer given here.</summary>
internal sealed record DemoRow(DemoPicture Picture, Prediction Answer);

/// <summary>What the demo shows: accuracy, agreement with TensorFlow, confusion.</summary>
internal sealed record DemoResult(Labels Labels, IReadOnlyList<DemoRow> Rows)
{
    public double Accuracy => Rows.Count(row => row.Answer.Index == row.Picture.LabelIndex) / (double)Rows.Count;

    public int EqualToTensorFlow => Rows.Count(row => row.Answer.Index == row.Picture.TensorFlowAnswer);

    public JsonObject ToJson(DemoTuning tuning) => new()
    {
        ["accuracy"] = Accuracy,
        ["finetune"] = tuning.ToJson(),
        ["count"] = Rows.Count,
        ["equalToTensorFlow"] = EqualToTensorFlow,
        ["labels"] = new JsonArray([.. Enumerable.Range(0, Labels.Count).Select(index => (JsonNode)Labels[index])]),
        ["confusion"] = new JsonArray([.. Confusion().Select(row => new JsonArray([.. row.Select(count => (JsonNode)count)]))]),
        ["answers"] = new JsonArray([.. Rows.Select(row => new JsonObject
        {
            ["path"] = row.Picture.Name,
            ["label"] = row.Picture.Label,
            ["predicted"] = row.Answer.Label,
            ["probability"] = row.Answer.Probability,
            ["tensorflow"] = Labels[row.Picture.TensorFlowAnswer],
        })]),
    };

    /// <summary>How often class r (row) was taken for class c (column).</summary>
    public int[][] Confusion()
    {
        int[][] counts = [.. Enumerable.Range(0, Labels.Count).Select(_ => new int[Labels.Count])];
        foreach (DemoRow row in Rows) counts[row.Picture.LabelIndex][row.Answer.Index]++;
        return counts;
    }
}
