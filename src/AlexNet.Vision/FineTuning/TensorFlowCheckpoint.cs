using AlexNetTF.TensorFlow;

namespace AlexNetTF.FineTuning;

/// <summary>Writes all variables of a run in TensorFlow's format; the saver's nodes join the graph at the first time.</summary>
internal sealed class TensorFlowCheckpoint(TrainingNetwork network)
{
    private const string Name = "model.ckpt";
    private Saver? saver;

    /// <summary>Writes the checkpoint's files into a folder that will be renamed.</summary>
    public void Write(string folder)
    {
        // The files are this process's: a parameter server may be another machine.
        using IDisposable? here = network.Worker.Length == 0 ? null : network.Graph.Device(network.Worker);
        saver ??= new Saver(graph: network.Graph);
        string prefix = Path.Combine(folder, Name);
        saver.Write(network.Session, prefix, writeMetaGraph: true);
        CheckpointStateFile.Write(folder, prefix, [prefix], relativePaths: true);
    }
}
