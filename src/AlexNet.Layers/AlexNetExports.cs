namespace AlexNetTF;

/// <summary>AlexNet as a model file for other programs.</summary>
public static class AlexNetExports
{
    /// <summary>
    /// Writes the network with the session's weights as an ONNX model: from images [batch, height, width, 3] (pixels with
    /// <see cref="OnnxExportOptions.Preprocessing"/>) to scores and probabilities [batch, classes]. Dropout keeps everything.
    /// </summary>
    /// <param name="net">The network; its input must be a placeholder, its keepProb one too or 1.</param>
    /// <param name="session">The session that holds the weights.</param>
    /// <param name="path">The model to create or replace.</param>
    /// <param name="options">Layout, preprocessing, where the weights lie.</param>
    /// <exception cref="GraphException">The network drops results at random, or its input is a constant.</exception>
    public static void ExportOnnx(this AlexNet net, Session session, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        RequirePlaceholder(net);
        Feeds? constants = net.KeepProbNumber is null ? new Feeds { [net.KeepProb] = 1f } : null;
        options ??= new OnnxExportOptions();
        var facts = new Dictionary<string, string>(options.Metadata) { ["topology"] = net.Topology.ToString() };
        session.ExportOnnx(
            path,
            [new OnnxPort("images", net.Input)],
            [new OnnxPort("scores", net.Fc8), new OnnxPort("probabilities", net.Probabilities)],
            constants,
            options with { Metadata = facts });
    }

    /// <summary>
    /// Writes the network with the session's weights as a frozen TensorFlow graph (GraphDef), up to the scores and
    /// probabilities; its placeholders are the network's own. Text where the name ends in <c>.pbtxt</c>, else binary.
    /// </summary>
    /// <param name="net">The network.</param>
    /// <param name="session">The session that holds the weights.</param>
    /// <param name="path">The file to create or replace.</param>
    /// <exception cref="RunException">A variable has no value.</exception>
    public static void ExportGraphDef(this AlexNet net, Session session, string path)
    {
        ArgumentNullException.ThrowIfNull(net);
        session.Freeze(net.Fc8, net.Probabilities).Save(path);
    }

    /// <summary>
    /// Writes the network with the session's weights as a SavedModel for TensorFlow Serving or Triton: the signature
    /// <see cref="SavedModels.DefaultSignature"/> takes <c>images</c> [batch, height, width, 3], preprocessed, and gives
    /// <c>scores</c> and <c>probabilities</c> [batch, classes]. Dropout keeps everything.
    /// </summary>
    /// <param name="net">The network; its input must be a placeholder, its keepProb one too or 1.</param>
    /// <param name="session">The session that holds the weights.</param>
    /// <param name="folder">The folder to create; a server expects it to be named by a version number: <c>alexnet/1</c>.</param>
    /// <param name="frozen">Whether the weights are constants of the graph instead of a checkpoint beside it.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="GraphException">The network's input is a constant.</exception>
    /// <exception cref="AlexNetException">The folder holds a model already.</exception>
    public static IReadOnlyList<string> ExportSavedModel(this AlexNet net, Session session, string folder, bool frozen = false)
    {
        ArgumentNullException.ThrowIfNull(net);
        RequirePlaceholder(net);
        SavedModels.Save(
            session,
            folder,
            new Dictionary<string, Tensor> { ["images"] = net.Input },
            new Dictionary<string, Tensor> { ["scores"] = net.Fc8, ["probabilities"] = net.Probabilities },
            net.KeepProbNumber is null ? new Feeds { [net.KeepProb] = 1f } : null,
            frozen);
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    private static void RequirePlaceholder(AlexNet net)
    {
        if (net.Input.Op.Type != "Placeholder")
        {
            throw new GraphException($"This AlexNet reads '{net.Input.Name}', a {net.Input.Op.Type}; a model needs a placeholder to be given pictures. Build it with graph.Placeholder.");
        }
    }
}
