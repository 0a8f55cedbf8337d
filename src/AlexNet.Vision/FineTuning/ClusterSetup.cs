using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace AlexNetTF.FineTuning;

/// <summary>Digests of what every worker of a run must have alike.</summary>
internal sealed class ClusterSetup
{
    private static readonly string[] Names =
    [
        "options (layers, topology, preprocessing, optimizer, rate, epochs, batch, seed …) or numbers of workers",
        "training pictures (their names, order and classes)",
        "weights of the layers that do not change",
    ];

    // What each worker may have as it likes.
    private static readonly string[] Own =
    [
        "weights", "checkpoint", "allowMissingLayers", "allowNonFinite", "skipLayers", "augmentation", "patience", "logEvery", "checkpointEvery",
        "keepAllCheckpoints", "checkpointFormat", "tensorBoard", "featureCache", "featureCacheMemory", "report", "session",
    ];

    private readonly long[] digests;

    private ClusterSetup(long[] digests) => this.digests = digests;

    /// <summary>How many digests there are.</summary>
    public static int Parts => Names.Length;

    /// <summary>The setup of this worker.</summary>
    /// <param name="options">Completed options.</param>
    /// <param name="train">All training pictures.</param>
    /// <param name="workers">The number of workers.</param>
    /// <param name="network">The network, its frozen layers loaded.</param>
    public static ClusterSetup Of(FineTunerOptions options, ImageDataset train, int workers, TrainingNetwork network)
    {
        JsonObject alike = FineTunerOptionsJson.ToJson(options);
        foreach (string name in Own) alike.Remove(name);
        alike.Add("workers", workers);
        string pictures = string.Join('\n', train.Labels) + "\n\n" + string.Join('\n', train.Items.Select(item => $"{item.Label} {Path.GetFileName(item.Path)}"));
        using var frozen = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Variable variable in network.Frozen) VariableValues.Use(network.Session, [variable], values => frozen.AppendData(MemoryMarshal.AsBytes(values[0].Span)));
        return new ClusterSetup([Digest(SHA256.HashData(Encoding.UTF8.GetBytes(alike.ToJsonString()))), Digest(SHA256.HashData(Encoding.UTF8.GetBytes(pictures))), Digest(frozen.GetHashAndReset())]);
    }

    /// <summary>Tells the other workers.</summary>
    public void Publish(TrainingNetwork network) => network.Shared!.Setup.Load(TensorData.Of<long>(digests, [digests.Length]).ToNDArray(), network.Session);

    /// <summary>Whether the servers hold a run: values for every variable that the workers share, and the chief's setup.</summary>
    public static bool IsPublished(TrainingNetwork network) =>
        network.Shared!.Setup.IsInitialized(network.Session)
        && network.Session.Run(network.Shared.Setup.Value).ToArray<long>().Any(digest => digest != 0)
        && network.Trained.Concat(network.State).Append(network.Step).Append(network.Shared.End).All(variable => variable.IsInitialized(network.Session));

    /// <summary>Keeps the other workers waiting while variables get values: those of a server that was lost are missing, the setup may still stand on another.</summary>
    public static void Withdraw(TrainingNetwork network) => network.Shared!.Setup.Load(TensorData.Of<long>(new long[Parts], [Parts]).ToNDArray(), network.Session);

    /// <summary>Compares with what the servers' variables were made for.</summary>
    /// <exception cref="FineTuningException">This worker differs.</exception>
    public void RequireAlike(TrainingNetwork network)
    {
        long[] theirs = network.Session.Run(network.Shared!.Setup.Value).ToArray<long>();
        string[] wrong = [.. Names.Where((_, i) => digests[i] != theirs[i])];
        if (wrong.Length == 0) return;
        throw new FineTuningException(
            $"This worker has other {string.Join(", other ", wrong)} than the run whose variables the parameter servers hold. Give every worker the same command but for --task, or restart the parameter servers for a new run.");
    }

    private static long Digest(byte[] hash) => BinaryPrimitives.ReadInt64LittleEndian(hash);
}
