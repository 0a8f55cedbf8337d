using System.Text.Json;
using System.Text.Json.Nodes;

namespace AlexNetTF.Tool;

/// <summary>
/// A JSONL file that a long run appends to: a line is written whole and flushed, and a last line that a crash cut short
/// is dropped at the next start.
/// </summary>
internal sealed class ResumeFile : IDisposable
{
    private readonly FileStream stream;
    private readonly HashSet<string> done;

    private ResumeFile(FileStream stream, HashSet<string> done)
    {
        this.stream = stream;
        this.done = done;
    }

    public static ResumeFile Open(string path)
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            using var reader = new StreamReader(stream, leaveOpen: true);
            string text = reader.ReadToEnd();
            int whole = text.LastIndexOf('\n') + 1;
            HashSet<string> done = [.. text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, index) => PathIn(line, path, index + 1))];
            stream.SetLength(System.Text.Encoding.UTF8.GetByteCount(text.AsSpan(0, whole)));
            stream.Seek(0, SeekOrigin.End);
            return new ResumeFile(stream, done);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public bool Has(string path) => done.Contains(path);

    public void Append(JsonObject result)
    {
        stream.Write(System.Text.Encoding.UTF8.GetBytes(Json.ToLine(result) + "\n"));
        stream.Flush();
    }

    public void Dispose() => stream.Dispose();

    private static string PathIn(string line, string file, int number)
    {
        try
        {
            return JsonNode.Parse(line)?["path"]?.GetValue<string>() ?? throw new JsonException("it has no \"path\"");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new FileFormatException(file, $"line {number} is no result of an earlier run ({error.Message}). Name another file, or remove the line.", error);
        }
    }
}
