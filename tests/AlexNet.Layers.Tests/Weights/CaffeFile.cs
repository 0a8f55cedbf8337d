using System.Runtime.InteropServices;

namespace AlexNetTF.Tests.Weights;

/// <summary>Parts of Caffe models, written by hand.</summary>
internal static class CaffeFile
{
    /// <summary>A LayerParameter; its weights, where it has a shape, count from 0.</summary>
    public static byte[] Layer(string name, string type, int[]? shape, string bottom = "", string top = "") => shape is null
        ? LayerOf(name, type, [], bottom, top)
        : LayerOf(name, type, [(shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => (float)i)])], bottom, top);

    /// <summary>A LayerParameter with blobs.</summary>
    public static byte[] LayerOf(string name, string type, (int[] Shape, float[] Values)[] blobs, string bottom = "", string top = "") =>
    [
        .. Proto.Text(1, name), .. Proto.Text(2, type), .. Proto.Text(3, bottom), .. Proto.Text(4, top),
        .. blobs.SelectMany(blob => Proto.Bytes(7, Blob(blob.Shape, blob.Values))),
    ];

    private static byte[] Blob(int[] shape, float[] values) =>
    [
        .. Proto.Bytes(5, MemoryMarshal.AsBytes<float>(values).ToArray()),
        .. Proto.Bytes(7, Proto.Bytes(1, [.. shape.SelectMany(d => Proto.Varint((ulong)d))])),
    ];
}
