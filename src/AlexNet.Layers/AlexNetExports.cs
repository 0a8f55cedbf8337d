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
        if (net.Input.Op.Type != "Placeholder")
        {
            throw new GraphException($"This AlexNet reads '{net.Input.Name}', a {net.Input.Op.Type}; a model needs a placeholder to be given pictures. Build it with graph.Placeholder.");
        }

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
}
