using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AlexNetTF.FineTuning;

/// <summary>A run's metrics.csv (a line for each pass) and metrics.jsonl (passes, and a step now and then).</summary>
internal sealed class MetricsLog : IDisposable
{
    public const string CsvFile = "metrics.csv";
    public const string JsonlFile = "metrics.jsonl";
    private const string Head = "epoch,step,learning_rate,train_loss,train_top1,train_top5,val_loss,val_top1,val_top5";
    private readonly FileStream csv;
    private readonly FileStream jsonl;

    /// <summary>Opens the files of a run that stands at <paramref name="state"/>; lines of later steps are removed.</summary>
    public MetricsLog(string runFolder, TrainingState state)
    {
        string csvPath = Path.Combine(runFolder, CsvFile), jsonlPath = Path.Combine(runFolder, JsonlFile);
        // Written anew from the state: these lines are what it holds.
        AtomicFile.WriteText(csvPath, string.Concat(state.History.Select(Row).Prepend(Head).Select(line => line + "\n")));
        string[] kept = File.Exists(jsonlPath) ? [.. File.ReadLines(jsonlPath).Where(line => Belongs(line, state))] : [];
        AtomicFile.WriteText(jsonlPath, string.Concat(kept.Select(line => line + "\n")));
        csv = OpenToAppend(csvPath);
        jsonl = OpenToAppend(jsonlPath);
    }

    public void Step(long step, int epoch, double loss) =>
        Append(jsonl, JsonFile.Line(new JsonObject { ["event"] = "step", ["step"] = step, ["epoch"] = epoch, ["loss"] = JsonFile.Real(loss) }));

    public void Epoch(EpochMetrics epoch)
    {
        Append(csv, Encoding.UTF8.GetBytes(Row(epoch)));
        JsonObject line = TrainingState.ToJson(epoch);
        line.Insert(0, "event", "epoch");
        Append(jsonl, JsonFile.Line(line));
    }

    public void Dispose()
    {
        csv.Dispose();
        jsonl.Dispose();
    }

    // Without a buffer: what could not be written must not be tried again when the file is closed.
    private static FileStream OpenToAppend(string path) => new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    private static void Append(FileStream stream, byte[] line)
    {
        // One write: a run that is killed leaves a whole line or none.
        AtomicFile.Append(stream, [.. line, (byte)'\n']);
    }

    private static string Row(EpochMetrics epoch)
    {
        Score? validation = epoch.Validation;
        double?[] numbers =
        [
            epoch.LearningRate, epoch.Training.Loss, epoch.Training.Top1, epoch.Training.Top5, validation?.Loss, validation?.Top1, validation?.Top5,
        ];
        return string.Create(CultureInfo.InvariantCulture, $"{epoch.Epoch},{epoch.Step},{string.Join(',', numbers.Select(number => number?.ToString("R", CultureInfo.InvariantCulture)))}");
    }

    private static bool Belongs(string line, TrainingState state)
    {
        try
        {
            JsonObject content = JsonNode.Parse(line)!.AsObject();
            return content.Text("event") == "epoch" ? content.Int("epoch") <= state.Epoch : content.Long("step") <= state.Step;
        }
        catch (JsonException)
        {
            // The line that was being written when the run was cut off.
            return false;
        }
    }
}
