using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>
/// The grains and methods that a connection has carried calls to, numbered by each side in the order of their first call: only the first
/// one carries the names. A side that has named too many begins anew.
/// </summary>
internal sealed class OutgoingRoutes
{
    /// <summary>Grains come and go; what was named is kept as long as the connection.</summary>
    private const int Limit = 10_000;

    private readonly Dictionary<(GrainId Grain, GrainMethod Method), int> _numbers = [];

    /// <summary>Writes a route.</summary>
    /// <returns>Whether it was named for the first time.</returns>
    public bool Write(WireWriter writer, GrainId grain, GrainMethod method)
    {
        if (_numbers.TryGetValue((grain, method), out var number))
        {
            writer.WriteVarUInt((ulong)number + 1);
            return false;
        }

        if (_numbers.Count == Limit)
        {
            _numbers.Clear();
        }

        writer.WriteVarUInt(0);
        writer.WriteVarUInt((ulong)_numbers.Count);
        _numbers.Add((grain, method), _numbers.Count);
        writer.WriteText(grain.Kind);
        writer.WriteText(grain.KeyText);
        writer.WriteText(method.WireInterface);
        writer.WriteText(method.WireName);
        return true;
    }

    /// <summary>What was named last was not sent after all.</summary>
    public void Forget(GrainId grain, GrainMethod method) => _numbers.Remove((grain, method));
}

/// <summary>The other side's.</summary>
internal sealed class IncomingRoutes
{
    private readonly List<Route> _routes = [];

    public Route Read(WireReader reader)
    {
        var number = reader.ReadVarUInt();
        if (number > 0)
        {
            return number <= (ulong)_routes.Count ? _routes[(int)number - 1] : throw new WireFormatException("A route that was not named.");
        }

        var place = reader.ReadVarUInt();
        if (place > (ulong)_routes.Count)
        {
            throw new WireFormatException("A route out of order.");
        }

        var route = new Route(
            new GrainId(reader.ReadText() ?? "", reader.ReadText() ?? ""), reader.ReadText() ?? "", reader.ReadText() ?? "");
        _routes.RemoveRange((int)place, _routes.Count - (int)place);
        _routes.Add(route);
        return route;
    }
}

/// <summary>A grain or observer and a method of it, as the other side names them.</summary>
internal sealed class Route(GrainId named, string interfaceName, string methodName)
{
    private ServedMethod? _method;
    private GrainId _grainId;

    /// <summary>The method. A name that this process does not know is a fault of the call, not of the connection.</summary>
    /// <exception cref="ArgumentException">There is no such interface or method here, or no class has it.</exception>
    public ServedMethod Resolve(out GrainId grainId)
    {
        if (_method is null)
        {
            var method = ServedInterfaces.Find(interfaceName, methodName);
            // The kind is the class's; the other side may know the interface alone, and guess.
            _grainId = IsObserver || GrainClasses.Has(named.Kind)
                ? named
                : new GrainId(GrainClasses.Implementing(method.Interface).GrainType, named.KeyText);
            _method = method;
        }

        grainId = _grainId;
        return _method;
    }

    private bool IsObserver => string.Equals(named.Kind, ObserverTarget.Kind, StringComparison.Ordinal);
}
