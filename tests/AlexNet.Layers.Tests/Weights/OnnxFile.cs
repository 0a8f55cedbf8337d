using System.Runtime.InteropServices;

namespace AlexNetTF.Tests.Weights;

/// <summary>Parts of ONNX models, written by hand.</summary>
internal static class OnnxFile
{
    /// <summary>A float initialiser whose values count from 0.</summary>
    public static byte[] Floats(string name, long[] shape)
    {
        float[] values = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => (float)i)];
        return Floats(name, shape, values);
    }

    public static byte[] Floats(string name, long[] shape, float[] values) =>
    [
        .. shape.SelectMany(d => Proto.Integer(1, d)), .. Proto.Integer(2, 1), .. Proto.Text(8, name), .. Proto.Bytes(9, MemoryMarshal.AsBytes<float>(values).ToArray()),
    ];

    public static byte[] Node(string op, string[] inputs, string output, params (string Name, long[] Values)[] attributes) =>
    [
        .. inputs.SelectMany(input => Proto.Text(1, input)), .. Proto.Text(2, output), .. Proto.Text(4, op),
        .. attributes.SelectMany(attribute => Proto.Bytes(5, [
            .. Proto.Text(1, attribute.Name), .. attribute.Name == "group" ? Proto.Integer(3, attribute.Values[0]) : attribute.Values.SelectMany(value => Proto.Integer(8, value))])),
    ];

    public static byte[] Model(byte[] graph) => [.. Proto.Integer(1, 8), .. Proto.Bytes(7, graph), .. Proto.Bytes(8, Proto.Integer(2, 13))];
}
