namespace AlexNetTF.Weights;

/// <summary>A convolution or dense layer of an ONNX graph, with its weights in the graph's layout.</summary>
internal sealed record OnnxLayer(bool IsConvolution, OnnxNode Node, OnnxTensor Weights, TensorLayout Layout, OnnxTensor? Biases);

/// <summary>
/// Finds the layers of a graph in its order: Conv, Gemm, and MatMul, with the bias as an input or added behind. Weights
/// may reach the node through Identity, Cast or Transpose.
/// </summary>
internal sealed class OnnxLayers(WeightBytes file, OnnxGraph graph)
{
    private const int LongestChain = 1000;
    private const int LongestDetour = 8;

    private readonly Dictionary<string, OnnxNode> _addends = Addends(graph);
    private readonly Dictionary<OnnxNode, OnnxLayer> _layers = new(ReferenceEqualityComparer.Instance);

    public List<OnnxLayer> Find()
    {
        var layers = new List<OnnxLayer>();
        foreach (OnnxNode node in graph.Nodes)
        {
            OnnxLayer? layer = node.Op switch
            {
                "Conv" => Convolution(node),
                "Gemm" => Gemm(node),
                "MatMul" => MatMul(node),
                _ => null,
            };
            if (layer is not null)
            {
                layers.Add(layer);
                _layers[node] = layer;
            }
        }

        return layers;
    }

    /// <summary>
    /// The layer found whose output, flattened, a dense layer takes; null where there is none. Also tells whether it is
    /// flattened channels first.
    /// </summary>
    public (OnnxLayer? Layer, bool ChannelsFirst) Upstream(OnnxLayer dense)
    {
        bool channelsFirst = true;
        string? value = dense.Node.Input(0);
        for (int i = 0; i < LongestChain && value is not null && graph.Producers.TryGetValue(value, out OnnxNode? node); i++)
        {
            if (_layers.TryGetValue(node, out OnnxLayer? found))
            {
                return (found, channelsFirst);
            }

            channelsFirst &= !(node.Op == "Transpose" && node.Integers("perm") is [0, 2, 3, 1]);
            value = node.Input(0) is string first && !graph.Tensors.ContainsKey(first) ? first : node.Input(1);
        }

        return (null, channelsFirst);
    }

    private OnnxLayer? Convolution(OnnxNode node)
    {
        if (Weights(node) is not (OnnxTensor weights, TensorLayout { Shape.Length: 4 } layout))
        {
            return null;
        }

        return new OnnxLayer(true, node, weights, layout.FilterFromOihw(), Bias(node.Input(2)) ?? AddedBias(node, layout.Shape[0]));
    }

    /// <summary>Gemm: alpha · A · B + beta · C, B transposed where transB is set.</summary>
    private OnnxLayer? Gemm(OnnxNode node)
    {
        if (Weights(node) is not (OnnxTensor weights, TensorLayout { Shape.Length: 2 } layout))
        {
            return null;
        }

        if (node.Real("alpha") != 1 || node.Real("beta") != 1 || node.Integer("transA", 0) != 0)
        {
            throw file.Error(0, $"the Gemm node that makes '{node.Output}' scales or transposes its input; that is not read as a layer");
        }

        layout = node.Integer("transB", 0) != 0 ? layout.DenseFromOutIn() : layout;
        return new OnnxLayer(false, node, weights, layout, Bias(node.Input(2)) ?? AddedBias(node, layout.Shape[1]));
    }

    private OnnxLayer? MatMul(OnnxNode node) => Weights(node) is (OnnxTensor weights, TensorLayout { Shape.Length: 2 } layout)
        ? new OnnxLayer(false, node, weights, layout, AddedBias(node, layout.Shape[1]))
        : null;

    private (OnnxTensor Tensor, TensorLayout Layout)? Weights(OnnxNode node)
    {
        string? name = node.Input(1);
        var transposes = new Stack<OnnxNode>();
        while (name is not null && !graph.Tensors.ContainsKey(name))
        {
            if (transposes.Count == LongestDetour || !graph.Producers.TryGetValue(name, out OnnxNode? maker) || maker.Op is not ("Identity" or "Cast" or "Transpose"))
            {
                return null;
            }

            transposes.Push(maker);
            name = maker.Input(0);
        }

        if (name is null || graph.Tensors[name] is not { Values: not null } tensor)
        {
            return null;
        }

        TensorLayout layout = TensorLayout.InOrder(tensor.Shape);
        foreach (OnnxNode maker in transposes)
        {
            layout = maker.Op == "Transpose" ? Transposed(layout, maker) : layout;
        }

        return (tensor, layout);
    }

    private TensorLayout Transposed(TensorLayout layout, OnnxNode node)
    {
        int rank = layout.Shape.Length;
        int[] axes = node.Integers("perm") is { Count: > 0 } perm
            ? [.. perm.Select(axis => (int)Math.Clamp(axis, -1, rank))]
            : [.. Enumerable.Range(0, rank).Reverse()];
        return axes.Order().SequenceEqual(Enumerable.Range(0, rank))
            ? layout.Transpose(axes)
            : throw file.Error(0, $"the Transpose node that makes '{node.Output}' names no order of the {rank} axes");
    }

    private OnnxTensor? Bias(string? name)
    {
        for (int i = 0; i < LongestDetour && name is not null; i++)
        {
            if (graph.Tensors.TryGetValue(name, out OnnxTensor? tensor))
            {
                return tensor.Values is null ? null : tensor;
            }

            name = graph.Producers.TryGetValue(name, out OnnxNode? maker) && maker.Op is "Identity" or "Cast" ? maker.Input(0) : null;
        }

        return null;
    }

    /// <summary>A stored vector with one value per output that an Add behind the node adds.</summary>
    private OnnxTensor? AddedBias(OnnxNode node, long outputs)
    {
        if (node.Outputs.Count == 0 || !_addends.TryGetValue(node.Outputs[0], out OnnxNode? add))
        {
            return null;
        }

        string? other = add.Input(0) == node.Outputs[0] ? add.Input(1) : add.Input(0);
        return Bias(other) is { } bias && Shapes.Count(bias.Shape) == outputs ? bias : null;
    }

    /// <summary>Each value's Add node.</summary>
    private static Dictionary<string, OnnxNode> Addends(OnnxGraph graph)
    {
        var addends = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes.Where(node => node.Op == "Add"))
        {
            foreach (string input in node.Inputs)
            {
                addends.TryAdd(input, node);
            }
        }

        return addends;
    }
}
