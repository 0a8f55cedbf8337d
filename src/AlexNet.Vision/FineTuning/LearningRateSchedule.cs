namespace AlexNetTF;

/// <summary>The shapes of a <see cref="LearningRateSchedule"/>.</summary>
public enum ScheduleKind
{
    /// <summary>The rate stays.</summary>
    Constant,

    /// <summary><see cref="LearningRate.ExponentialDecay"/>.</summary>
    Exponential,

    /// <summary><see cref="LearningRate.PiecewiseConstant"/>, with factors of the first rate.</summary>
    Piecewise,

    /// <summary><see cref="LearningRate.PolynomialDecay"/>.</summary>
    Polynomial,

    /// <summary><see cref="LearningRate.CosineDecay"/>.</summary>
    Cosine,
}

/// <summary>How the learning rate changes with the steps.</summary>
public sealed record LearningRateSchedule
{
    /// <summary>The rate stays as it is.</summary>
    public static LearningRateSchedule Constant { get; } = new();

    /// <summary>Half a cosine from the rate down to 0 over the whole run.</summary>
    public static LearningRateSchedule Cosine { get; } = new() { Kind = ScheduleKind.Cosine };

    /// <summary>A straight line from the rate down to 0 over the whole run.</summary>
    public static LearningRateSchedule Linear { get; } = new() { Kind = ScheduleKind.Polynomial };

    /// <summary>The shape.</summary>
    public ScheduleKind Kind { get; init; }

    /// <summary>After how many steps the decay is done (Polynomial, Cosine) or the factor applies once (Exponential); 0: the run's steps.</summary>
    public int DecaySteps { get; init; }

    /// <summary>Exponential's factor.</summary>
    public float Factor { get; init; } = 0.1f;

    /// <summary>Whether Exponential changes only at multiples of <see cref="DecaySteps"/>.</summary>
    public bool Staircase { get; init; }

    /// <summary>Polynomial's and Cosine's rate at the end, as a share of the first.</summary>
    public float End { get; init; }

    /// <summary>Polynomial's power.</summary>
    public float Power { get; init; } = 1;

    /// <summary>Piecewise's steps in rising order.</summary>
    public IReadOnlyList<long> Boundaries { get; init; } = [];

    /// <summary>Piecewise's factors of the first rate, one more than boundaries.</summary>
    public IReadOnlyList<float> Factors { get; init; } = [];

    /// <summary>A schedule by the name that the tool uses: constant, exponential, linear, cosine.</summary>
    /// <exception cref="AlexNetException">There is no such schedule.</exception>
    public static LearningRateSchedule FromName(string name) => name?.ToUpperInvariant() switch
    {
        "CONSTANT" => Constant,
        "EXPONENTIAL" => new() { Kind = ScheduleKind.Exponential },
        "LINEAR" => Linear,
        "COSINE" => Cosine,
        _ => throw new AlexNetException($"There is no schedule \"{name}\"; there are constant, exponential, linear and cosine."),
    };

    /// <summary>The rate as an operand of an optimizer.</summary>
    internal Operand Build(float rate, Tensor step, long runSteps)
    {
        int steps = DecaySteps > 0 ? DecaySteps : (int)Math.Min(runSteps, int.MaxValue);
        return Kind switch
        {
            ScheduleKind.Exponential => LearningRate.ExponentialDecay(rate, step, steps, Factor, Staircase),
            ScheduleKind.Piecewise => LearningRate.PiecewiseConstant(step, Boundaries, [.. Factors.Select(factor => rate * factor)]),
            ScheduleKind.Polynomial => LearningRate.PolynomialDecay(rate, step, steps, rate * End, Power),
            ScheduleKind.Cosine => LearningRate.CosineDecay(rate, step, steps, End),
            _ => rate,
        };
    }

    internal LearningRateSchedule Validated()
    {
        if (DecaySteps < 0) throw new AlexNetException($"LearningRateSchedule.DecaySteps is {DecaySteps}: it must be 0 (the run's steps) or more.");
        if (!(Factor > 0) || !(Power > 0) || !(End >= 0)) throw new AlexNetException($"LearningRateSchedule: Factor {Factor} and Power {Power} must be positive, End {End} 0 or more.");
        if (Kind == ScheduleKind.Piecewise && Factors.Count != Boundaries.Count + 1)
        {
            throw new AlexNetException($"LearningRateSchedule has {Factors.Count} Factors for {Boundaries.Count} Boundaries: one more is needed.");
        }

        return this;
    }
}
