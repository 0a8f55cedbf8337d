using System.Globalization;

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

    /// <summary>
    /// A schedule as the tool takes it: <c>constant</c>; <c>cosine</c> or <c>linear</c>, with the end as a share of the first
    /// rate (<c>cosine:0.1</c>); <c>exponential:FACTOR:STEPS</c>, by default a tenth over the whole run;
    /// <c>piecewise:STEP=FACTOR,…</c>, factors of the first rate after these steps.
    /// </summary>
    /// <exception cref="AlexNetException">There is no such schedule, or a number is none.</exception>
    public static LearningRateSchedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':');
        LearningRateSchedule? result = (parts[0].ToUpperInvariant(), parts.Length) switch
        {
            ("CONSTANT", 1) => Constant,
            ("COSINE", 1 or 2) => Cosine with { End = Number(text, parts, 1, 0) },
            ("LINEAR", 1 or 2) => Linear with { End = Number(text, parts, 1, 0) },
            ("EXPONENTIAL", <= 3) => new() { Kind = ScheduleKind.Exponential, Factor = Number(text, parts, 1, 0.1f), DecaySteps = (int)Number(text, parts, 2, 0) },
            ("PIECEWISE", 2) => ParsePieces(text, parts[1].Split(',')),
            _ => null,
        };
        return result?.Validated() ?? throw NoSchedule(text);
    }

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

        if (Boundaries.Zip(Boundaries.Skip(1)).Any(pair => pair.First >= pair.Second) || Boundaries.Any(step => step < 0))
        {
            throw new AlexNetException($"LearningRateSchedule.Boundaries are {string.Join(", ", Boundaries)}: steps must be 0 or more and rise.");
        }

        return this;
    }

    private static LearningRateSchedule ParsePieces(string text, string[] pieces)
    {
        string[][] pairs = [.. pieces.Select(piece => piece.Split('='))];
        if (pairs.Any(pair => pair.Length != 2)) throw NoSchedule(text);
        return new()
        {
            Kind = ScheduleKind.Piecewise,
            Boundaries = [.. pairs.Select(pair => (long)Number(text, pair, 0, 0))],
            Factors = [1, .. pairs.Select(pair => Number(text, pair, 1, 1))],
        };
    }

    private static float Number(string text, string[] parts, int index, float otherwise)
    {
        if (parts.Length <= index) return otherwise;
        return float.TryParse(parts[index], NumberStyles.Float, CultureInfo.InvariantCulture, out float number) && float.IsFinite(number) ? number : throw NoSchedule(text);
    }

    private static AlexNetException NoSchedule(string text) =>
        new($"There is no schedule \"{text}\"; there are constant, cosine[:END], linear[:END], exponential[:FACTOR[:STEPS]] and piecewise:STEP=FACTOR,…, such as piecewise:1000=0.1,2000=0.01.");
}
