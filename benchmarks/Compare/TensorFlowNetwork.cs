using NumSharp;

namespace AlexNetTF.Benchmarks;

/// <summary>The same network in TensorFlow, with variables and with constants: the faster of the two counts.</summary>
internal sealed class TensorFlowNetwork : ISide
{
    private readonly OwnNetwork _own = new();
    private readonly Session _variables;
    private readonly Session _constants;
    private readonly Tensor _input;
    private readonly Tensor _scores;

    public TensorFlowNetwork()
    {
        _variables = _own.Open(new() { Engine = Engine.TensorFlow });
        Graph frozen = _own.Floats.Freeze(_own.Scores);
        (_input, _scores) = (frozen.GetTensor(_own.Input.Name), frozen.GetTensor(_own.Scores.Name));
        _constants = new Session(frozen, new() { Engine = Engine.TensorFlow });
    }

    public Action Call(string row)
    {
        NDArray pictures = OwnNetwork.Batch(BatchRow.Parse(row).Batch);
        Feeds feeds = new() { [_own.Input] = pictures }, frozen = new() { [_input] = pictures };
        Action[] forms = [() => _variables.Run(_own.Scores, feeds).ToArray<float>(), () => _constants.Run(_scores, frozen).ToArray<float>()];
        return forms.MinBy(Fastest)!;
    }

    public void Dispose()
    {
        _variables.Dispose();
        _constants.Dispose();
        _own.Dispose();
    }

    private static double Fastest(Action run)
    {
        run();
        return Enumerable.Range(0, 3).Min(_ => Clock.Milliseconds(run));
    }
}
