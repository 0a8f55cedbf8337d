namespace AlexNetTF;

/// <summary>A node of a graph: an op with its inputs. Made by the op's builder.</summary>
public sealed class Operation
{
    internal Operation(Graph graph, int id, string name, OpDef def, IReadOnlyList<Tensor> inputs, IReadOnlyList<Operation> controls)
    {
        Graph = graph;
        Id = id;
        Name = name;
        Def = def;
        Inputs = inputs;
        ControlInputs = controls;
        Outputs = [];
    }

    /// <summary>The graph that this operation stands in.</summary>
    public Graph Graph { get; }

    /// <summary>Its place in the order of creation, from 0.</summary>
    public int Id { get; }

    /// <summary>The name, unique in the graph.</summary>
    public string Name { get; }

    /// <summary>TensorFlow's op type, such as <c>Conv2D</c>.</summary>
    public string Type => Def.Type;

    /// <summary>The op: its attributes, shape rule, gradient and kernel.</summary>
    public OpDef Def { get; }

    /// <summary>The data inputs in the op's order.</summary>
    public IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>Operations that run before this one without giving it data.</summary>
    public IReadOnlyList<Operation> ControlInputs { get; }

    /// <summary>The outputs.</summary>
    public IReadOnlyList<Tensor> Outputs { get; internal set; }

    /// <summary>The device text in force when it was made, "" for none.</summary>
    public string Device { get; init; } = "";

    /// <summary>The names of the operations that it is placed beside, TensorFlow's <c>_class</c> without its prefix.</summary>
    public IReadOnlyList<string> ColocatedWith { get; init; } = [];

    /// <summary>Output 0.</summary>
    public Tensor Output => Outputs[0];

    /// <summary>All attributes as TensorFlow's NodeDef has them, sorted by name.</summary>
    public AttributeMap GetAttributes()
    {
        var attributes = new AttributeMap();
        Def.DescribeAttributes(attributes, this);
        if (ColocatedWith.Count > 0) attributes.Add("_class", ColocatedWith.Select(name => "loc:@" + name).ToArray());
        return attributes;
    }

    /// <summary>Type and name.</summary>
    public override string ToString() => $"{Type} {Name}";
}
