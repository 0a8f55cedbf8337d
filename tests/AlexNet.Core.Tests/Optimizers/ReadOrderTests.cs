using NumSharp;

namespace AlexNetTF.Tests.Optimizers;

/// <summary>
/// Which value a read sees beside an update in the same run. TensorFlow 1 leaves it open without a control dependency; here
/// the order in which the graph was built decides, whatever the order of fetches, and a fetch comes last.
/// </summary>
public class ReadOrderTests
{
    private readonly Graph graph = new();
    private Variable variable = null!;
    private Operation train = null!;
    private Tensor loss = null!, later = null!, ordered = null!;
    private Session session = null!;

    [OneTimeSetUp]
    public void Build()
    {
        variable = graph.Variable(new float[4], "v");
        loss = MathOps.Sum(variable.Value);
        train = new GradientDescentOptimizer(1f).Minimize(loss, [variable]);
        later = MathOps.Sum(variable.Value);
        using (graph.ControlDependencies(train))
        {
            ordered = ArrayOps.Identity(variable.Reference);
        }

        session = new Session(graph);
    }

    [OneTimeTearDown]
    public void Close() => session.Dispose();

    [SetUp]
    public void Initialize() => session.Run(graph.GlobalVariablesInitializer());

    [Test]
    public void AFetchedVariableHasTheUpdatedValue([Values] bool first) => Check(variable.Value, first, -1);

    [Test]
    public void AnOpFromBeforeTheUpdateSeesTheOldValue([Values] bool first) => Check(loss, first, 0);

    [Test]
    public void AnOpFromAfterTheUpdateSeesTheNewValue([Values] bool first) => Check(later, first, -4);

    [Test]
    public void AReadBehindAControlDependencySeesTheNewValue([Values] bool first) => Check(ordered, first, -1);

    private void Check(Tensor tensor, bool first, float afterOne)
    {
        float perStep = tensor == loss || tensor == later ? 4 : 1;
        for (int step = 0; step < 3; step++)
        {
            NDArray value = first ? session.Run([tensor, train])[0]! : session.Run([train, tensor])[1]!;
            Assert.That(value.ToArray<float>(), Has.All.EqualTo(afterOne - (perStep * step)), $"step {step}");
        }
    }
}
