using AlexNetTF.Onnx;
using AlexNetTF.Onnx.Protos;

namespace AlexNetTF;

/// <summary>Writes graphs as ONNX models, which ONNX Runtime and others run.</summary>
public static class OnnxExport
{
    /// <summary>
    /// Writes the part of the session's graph between inputs and outputs, with the variables' values, as an ONNX model of
    /// standard operators (opset 13). A dimension that the graph does not know stays open; the first one is the batch.
    /// </summary>
    /// <param name="session">The session that holds the variables.</param>
    /// <param name="path">The model to create or replace; see <see cref="OnnxExportOptions.ExternalData"/> for a second file.</param>
    /// <param name="inputs">What the model is given: tensors of the graph, placeholders or any other.</param>
    /// <param name="outputs">What the model gives.</param>
    /// <param name="constants">Values that the model keeps for placeholders, such as a keep_prob of 1.</param>
    /// <param name="options">Layout, preprocessing, where the weights lie.</param>
    /// <exception cref="GraphException">An op has no counterpart in ONNX (all such ops are named), numbers are drawn at random, or a placeholder has no value.</exception>
    public static void ExportOnnx(
        this Session session, string path, IReadOnlyList<OnnxPort> inputs, IReadOnlyList<OnnxPort> outputs, Feeds? constants = null, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new OnnxExportOptions();
        var exporter = new OnnxExporter(session, inputs, outputs, constants, options);
        OnnxGraph graph = exporter.Export();
        OnnxWriter.Write(path, graph, options);
    }
}
