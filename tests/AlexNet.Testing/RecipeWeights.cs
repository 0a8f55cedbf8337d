using System.Runtime.InteropServices;
using System.Text;

namespace AlexNetTF.Testing;

/// <summary>
/// Weights of the article's network made by the recipe, as the reference data's page on the whole network defines them:
/// <c>fill(salt + "conv1/weights", shape, −r, r)</c> with r = round(sqrt(6 / fan_in), 6) for convolutions,
/// <c>fill(salt + "conv1/biases", shape, −0.1, 0.1)</c>.
/// </summary>
public static class RecipeWeights
{
    /// <summary>The layers in order: name, shape of the weights (HWIO, or in × out), r.</summary>
    /// <param name="classes">Outputs of fc8.</param>
    public static IReadOnlyList<(string Layer, int[] Shape, double R)> Layers(int classes = 1000) =>
    [
        Conv("conv1", 11, 3, 96), Conv("conv2", 5, 48, 256), Conv("conv3", 3, 256, 384), Conv("conv4", 3, 192, 384), Conv("conv5", 3, 192, 256),
        ("fc6", [9216, 4096], 0.0005), ("fc7", [4096, 4096], 0.004), ("fc8", [4096, classes], 0.08),
    ];

    /// <summary>The weights of a layer.</summary>
    public static float[] Weights((string Layer, int[] Shape, double R) layer, string salt = "") =>
        Recipe.Fill($"{salt}{layer.Layer}/weights", layer.Shape, -layer.R, layer.R);

    /// <summary>The biases of a layer.</summary>
    public static float[] Biases((string Layer, int[] Shape, double R) layer, string salt = "") =>
        Recipe.Fill($"{salt}{layer.Layer}/biases", layer.Shape[^1], -0.1, 0.1);

    /// <summary>
    /// Writes all layers (244 MB for 1,000 classes) as published weights are stored: an .npy file that holds the pickled
    /// dictionary {"conv1": [weights, biases], …}.
    /// </summary>
    public static void WriteNpy(string path, string salt = "", int classes = 1000)
    {
        using FileStream file = File.Create(path);
        using var writer = new BinaryWriter(file);
        const string header = "{'descr': '|O', 'fortran_order': False, 'shape': (), }";
        writer.Write([0x93, .. "NUMPY"u8, 1, 0]);
        writer.Write((ushort)118);
        writer.Write(Encoding.ASCII.GetBytes(header.PadRight(117) + "\n"));

        // Pickle, protocol 3: an array of objects without dimensions, whose one element is the dictionary.
        Put(writer, "\u0080\u0003");
        BeginArray(writer);
        Put(writer, "(K\u0001)");
        BeginType(writer, "O8", "|");
        Put(writer, "\u0089]}(");
        foreach ((string Layer, int[] Shape, double R) layer in Layers(classes))
        {
            Text(writer, layer.Layer);
            Put(writer, "](");
            FloatArray(writer, Weights(layer, salt), layer.Shape);
            FloatArray(writer, Biases(layer, salt), [layer.Shape[^1]]);
            Put(writer, "e");
        }

        Put(writer, "uatb.");
    }

    private static (string, int[], double) Conv(string name, int kernel, int depth, int filters) =>
        (name, [kernel, kernel, depth, filters], Math.Round(Math.Sqrt(6.0 / (kernel * kernel * depth)), 6));

    /// <summary>_reconstruct(ndarray, (0,), b"b"): an empty array whose state follows.</summary>
    private static void BeginArray(BinaryWriter writer) =>
        Put(writer, "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085C\u0001b\u0087R");

    /// <summary>dtype(name, False, True) with its state (3, byte order, None, None, None, −1, −1, 0).</summary>
    private static void BeginType(BinaryWriter writer, string name, string order)
    {
        Put(writer, "cnumpy\ndtype\n");
        Text(writer, name);
        Put(writer, "K\0K\u0001\u0087R(K\u0003");
        Text(writer, order);
        Put(writer, "NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb");
    }

    /// <summary>An array with its state (1, shape, dtype, False, bytes).</summary>
    private static void FloatArray(BinaryWriter writer, float[] values, int[] shape)
    {
        BeginArray(writer);
        Put(writer, "(K\u0001(");
        foreach (int size in shape)
        {
            Put(writer, "J");
            writer.Write(size);
        }

        Put(writer, "t");
        BeginType(writer, "f4", "<");
        Put(writer, "\u0089B");
        writer.Write(checked((uint)values.Length * sizeof(float)));
        writer.Write(MemoryMarshal.AsBytes<float>(values));
        Put(writer, "tb");
    }

    private static void Text(BinaryWriter writer, string text)
    {
        Put(writer, "X");
        writer.Write(text.Length);
        Put(writer, text);
    }

    /// <summary>Writes one byte per character.</summary>
    private static void Put(BinaryWriter writer, string bytes) => writer.Write(Encoding.Latin1.GetBytes(bytes));
}
