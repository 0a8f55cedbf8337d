using System.Runtime.InteropServices;

namespace AlexNetTF.Benchmarks;

/// <summary>The article's AlexNet as a plain ONNX model (opset 13, weights inside) with a session's own values, NHWC pictures in, scores out.</summary>
internal sealed class OnnxNetwork
{
    private const int Float = 1;
    private const int AttributeFloat = 1, AttributeInt = 2, AttributeInts = 7;
    private readonly ProtoBytes graph = new();
    private readonly Session session;
    private string last = "pictures";

    private OnnxNetwork(Session session) => this.session = session;

    public static byte[] Build(Session session)
    {
        var network = new OnnxNetwork(session);
        network.graph.Text(2, "alexnet");
        network.Node("Transpose", [], attributes: Ints("perm", 0, 3, 1, 2));
        network.Conv("conv1", 4, 0, 1).Pool().Normalize();
        network.Conv("conv2", 1, 2, 2).Pool().Normalize();
        network.Conv("conv3", 1, 1, 1).Conv("conv4", 1, 1, 2).Conv("conv5", 1, 1, 2).Pool();
        network.Node("Flatten", [], Int("axis", 1));
        network.Dense("fc6", relu: true).Dense("fc7", relu: true).Dense("fc8", relu: false);
        network.graph.Message(11, Value("pictures", ["batch", 227, 227, 3])).Message(12, Value(network.last, ["batch", 1000]));
        return new ProtoBytes().Number(1, 8).Text(2, "AlexNet.TF benchmarks").Message(7, network.graph).Message(8, new ProtoBytes().Text(1, "").Number(2, 13)).ToArray();
    }

    private OnnxNetwork Conv(string name, int stride, int pad, int groups)
    {
        (float[] values, int[] dims) = Read(name + "/weights");
        var filters = new float[values.Length];
        // [h, w, in, out] → [out, in, h, w]
        for (int h = 0, i = 0; h < dims[0]; h++)
            for (int w = 0; w < dims[1]; w++)
                for (int c = 0; c < dims[2]; c++)
                    for (int o = 0; o < dims[3]; o++)
                        filters[(((((o * dims[2]) + c) * dims[0]) + h) * dims[1]) + w] = values[i++];
        Initializer(name + "_w", filters, dims[3], dims[2], dims[0], dims[1]);
        Initializer(name + "_b", Read(name + "/biases").Values, dims[3]);
        Node("Conv", [name + "_w", name + "_b"], Ints("strides", stride, stride), Ints("pads", pad, pad, pad, pad), Int("group", groups));
        return Node("Relu", []);
    }

    private OnnxNetwork Pool() => Node("MaxPool", [], Ints("kernel_shape", 3, 3), Ints("strides", 2, 2));

    // ONNX divides alpha by the size: 5 · 2e-5.
    private OnnxNetwork Normalize() => Node("LRN", [], Int("size", 5), Real("alpha", 1e-4f), Real("beta", 0.75f), Real("bias", 1));

    private OnnxNetwork Dense(string name, bool relu)
    {
        (float[] values, int[] dims) = Read(name + "/weights");
        if (name == "fc6") values = InChannelOrder(values, dims[1]);
        Initializer(name + "_w", values, dims);
        Initializer(name + "_b", Read(name + "/biases").Values, dims[1]);
        Node("Gemm", [name + "_w", name + "_b"]);
        return relu ? Node("Relu", []) : this;
    }

    // Rows in the order (row, column, channel) → (channel, row, column), as Flatten gives them.
    private static float[] InChannelOrder(float[] values, int outputs)
    {
        var ordered = new float[values.Length];
        for (int place = 0; place < 36; place++)
            for (int channel = 0; channel < 256; channel++)
                Array.Copy(values, ((place * 256) + channel) * outputs, ordered, ((channel * 36) + place) * outputs, outputs);
        return ordered;
    }

    private (float[] Values, int[] Dims) Read(string name)
    {
        Variable variable = session.Graph.GlobalVariables().Single(item => item.Op.Name == name);
        return (session.Run(variable.Value).ToArray<float>(), variable.Shape.ToArray());
    }

    private OnnxNetwork Node(string type, string[] parameters, params ProtoBytes[] attributes)
    {
        var node = new ProtoBytes().Text(1, last);
        foreach (string parameter in parameters) node.Text(1, parameter);
        last = $"{last}.{type}";
        node.Text(2, last).Text(4, type);
        foreach (ProtoBytes attribute in attributes) node.Message(5, attribute);
        graph.Message(1, node);
        return this;
    }

    private void Initializer(string name, float[] values, params int[] dims)
    {
        var tensor = new ProtoBytes();
        foreach (int size in dims) tensor.Number(1, size);
        graph.Message(5, tensor.Number(2, Float).Text(8, name).Bytes(9, MemoryMarshal.AsBytes<float>(values)));
    }

    private static ProtoBytes Int(string name, long value) => new ProtoBytes().Text(1, name).Number(3, value).Number(20, AttributeInt);

    private static ProtoBytes Real(string name, float value) => new ProtoBytes().Text(1, name).Real(2, value).Number(20, AttributeFloat);

    private static ProtoBytes Ints(string name, params int[] values)
    {
        ProtoBytes attribute = new ProtoBytes().Text(1, name).Number(20, AttributeInts);
        foreach (int value in values) attribute.Number(8, value);
        return attribute;
    }

    private static ProtoBytes Value(string name, object[] dims)
    {
        var shape = new ProtoBytes();
        foreach (object size in dims) shape.Message(1, size is int number ? new ProtoBytes().Number(1, number) : new ProtoBytes().Text(2, (string)size));
        return new ProtoBytes().Text(1, name).Message(2, new ProtoBytes().Message(1, new ProtoBytes().Number(1, Float).Message(2, shape)));
    }
}
