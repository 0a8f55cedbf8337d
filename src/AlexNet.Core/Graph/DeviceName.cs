using System.Globalization;

namespace AlexNetTF;

/// <summary>TensorFlow's device texts: <c>/job:worker/replica:0/task:1/device:GPU:0</c>, in parts that may be missing.</summary>
internal sealed record DeviceName(string? Job, int? Replica, int? Task, string? Kind, int? Index)
{
    public static DeviceName Parse(string text)
    {
        var name = new DeviceName(null, null, null, null, null);
        foreach (string part in text.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = part.Split(':');
            name = (words[0].ToLowerInvariant(), words.Length) switch
            {
                ("job", 2) => name with { Job = words[1] },
                ("replica", 2) => name with { Replica = Number(words[1], text) },
                ("task", 2) => name with { Task = Number(words[1], text) },
                ("device", 3) => name with { Kind = words[1].ToUpperInvariant(), Index = Number(words[2], text) },
                ("cpu" or "gpu", 1) => name with { Kind = words[0].ToUpperInvariant(), Index = null },
                ("cpu" or "gpu", 2) => name with { Kind = words[0].ToUpperInvariant(), Index = Number(words[1], text) },
                _ => throw Refused(text),
            };
        }

        return name;
    }

    /// <summary>The inner text's parts, and the outer one's where the inner has none.</summary>
    public static string Merge(string outer, string inner)
    {
        DeviceName a = Parse(outer), b = Parse(inner);
        return new DeviceName(
            b.Job ?? a.Job,
            b.Replica ?? a.Replica,
            b.Task ?? a.Task,
            b.Kind ?? a.Kind,
            b.Kind is null ? a.Index : b.Index).ToString();
    }

    public override string ToString() => string.Concat(
        Job is null ? "" : $"/job:{Job}",
        Replica is null ? "" : $"/replica:{Replica}",
        Task is null ? "" : $"/task:{Task}",
        Kind is null ? "" : $"/device:{Kind}:{Index?.ToString(CultureInfo.InvariantCulture) ?? "*"}");

    private static int Number(string word, string text) => word == "*"
        ? 0
        : int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Refused(text);

    private static GraphException Refused(string text) =>
        new($"'{text}' is no device. Parts are /job:NAME, /replica:N, /task:N and /device:GPU:N, /gpu:N or /cpu:N.");
}
