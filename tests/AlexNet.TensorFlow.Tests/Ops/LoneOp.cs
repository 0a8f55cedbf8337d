using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>An op out of a graph, with placeholders of unknown shape for its inputs and the values that these had there.</summary>
internal sealed class LoneOp
{
    private readonly Graph graph = new();
    private readonly List<Operation> first = [];
    private readonly List<Tensor> inputs = [];
    private readonly List<NDArray> values = [];
    private readonly Operation op;

    private LoneOp(Operation original, IReadOnlyList<NDArray?> given)
    {
        var taken = new List<Tensor>();
        for (int i = 0; i < original.Inputs.Count; i++)
        {
            Tensor input = original.Inputs[i];
            if (given[i] is { } value)
            {
                inputs.Add(graph.Placeholder(input.DType, Shape.Unknown, $"input{i}"));
                values.Add(value);
                taken.Add(inputs[^1]);
            }
            else
            {
                Tensor variable = graph.VariableV2(input.DType, input.Shape, $"variable{i}");
                first.Add(StateOps.Assign(variable, graph.Constant(new TensorData(input.DType, input.Shape.ToArray()))).Op);
                taken.Add(variable);
            }
        }

        op = graph.AddOperation(original.Def, taken, "op");
        Key = $"{Type}|{string.Join(';', op.GetAttributes().Select(pair => $"{pair.Key}={Text(pair.Value)}"))}|{string.Join(';', values.Select(value => value.ndim))}";
    }

    public string Type => op.Type;

    public Graph Graph => graph;

    public Operation Op => op;

    /// <summary>Whether it takes a variable.</summary>
    public bool HasVariables => first.Count > 0;

    /// <summary>The inputs' names and values.</summary>
    public IReadOnlyList<(string Name, NDArray Value)> Feeds => [.. inputs.Zip(values, (input, value) => (input.Name, value))];

    /// <summary>Equal for two that need not both be tried.</summary>
    public string Key { get; }

    /// <summary>All ops of a case and its gradients that take something besides variables.</summary>
    public static IEnumerable<LoneOp> Of(OpCase item, DType type)
    {
        (OpInputs given, IReadOnlyList<Operation> ops) = OpRunner.OpsIn(item, type);
        using var session = new Session(given.Graph);
        foreach (Operation start in given.First) session.Run(start, given.Feeds);
        foreach (Operation op in ops.Where(op => op.Inputs.Count > 0 && op.Inputs.Concat(op.Outputs).All(tensor => tensor.DType != DType.String)))
        {
            // A variable that is read stays one, so that the op that wants a reference has it.
            NDArray?[] values = [.. op.Inputs.Select(input => input.Op.Def.IsVariable ? null : session.Run(input, given.Feeds))];
            LoneOp? lone = null;
            try
            {
                lone = new LoneOp(op, values);
            }
            catch (GraphException)
            {
                // It wants to know a shape when it is built; then a run cannot find it wrong.
            }

            if (lone is { inputs.Count: > 0 }) yield return lone;
        }
    }

    /// <summary>The inputs with one of them changed.</summary>
    public IEnumerable<(string Change, NDArray[] Values)> Changes()
    {
        for (int i = 0; i < values.Count; i++)
        {
            int[] dims = NDArrays.DimsOf(values[i]);
            if (dims.Length == 0) yield return With(i, "a vector for a number", Resized(values[i], [2]));
            else yield return With(i, "a row more", Resized(values[i], [dims[0] + 1, .. dims[1..]]));
            yield return With(i, "a dimension more", Resized(values[i], [.. dims, 2]));
            if (dims.Length > 0) yield return With(i, "a number for an array", Resized(values[i], []));
            if (values[i].size == 0 || NDArrays.TypeOf(values[i]) is not (DType.Int32 or DType.Int64)) continue;
            foreach (int number in (int[])[1000, -1000]) yield return With(i, $"{number} as first", Replaced(values[i], number));
        }
    }

    /// <summary>A session whose variables have values.</summary>
    public Session Open(SessionOptions options)
    {
        var session = new Session(graph, options);
        foreach (Operation start in first) session.Run(start);
        return session;
    }

    /// <summary>The sizes of what comes out, or how it is refused.</summary>
    public string Outcome(Session session, NDArray[] changed)
    {
        var feeds = new Feeds();
        for (int i = 0; i < inputs.Count; i++) feeds[inputs[i]] = changed[i];
        try
        {
            if (op.Outputs.Count > 0) return string.Concat(session.Run([.. op.Outputs], feeds).Select(result => $"[{string.Join(',', result.shape)}]"));
            session.Run(op, feeds);
            return "[]";
        }
        catch (RunException error)
        {
            return error.Code.ToString();
        }
        catch (Exception error) when (error is not AssertionException)
        {
            // Any other exception is a difference, to be listed with the rest.
            return error.GetType().Name;
        }
    }

    private (string, NDArray[]) With(int index, string change, NDArray value)
    {
        NDArray[] all = [.. values];
        all[index] = value;
        return ($"input {index} {change}", all);
    }

    private static string Text(object value) => value is System.Collections.IEnumerable list and not string ? string.Join(',', list.Cast<object>()) : value.ToString() ?? "";

    // The same values, again and again.
    private static NDArray Resized(NDArray value, int[] dims)
    {
        TensorData from = TensorData.From(value), to = new(from.Type, dims);
        int size = from.Type.Size();
        for (int i = 0; i < to.Count && from.Count > 0; i++) from.Bytes(i % from.Count, size).CopyTo(to.Bytes(i, size));
        return to.ToNDArray();
    }

    private static NDArray Replaced(NDArray value, int number)
    {
        TensorData data = TensorData.From(Resized(value, NDArrays.DimsOf(value)));
        if (data.Type == DType.Int32) data.AsSpan<int>()[0] = number;
        else data.AsSpan<long>()[0] = number;
        return data.ToNDArray();
    }
}

/// <summary>Elements as bytes.</summary>
file static class DataBytes
{
    public static unsafe Span<byte> Bytes(this TensorData data, long index, int size) => new((byte*)data.Memory.Pointer + (index * size), size);
}
