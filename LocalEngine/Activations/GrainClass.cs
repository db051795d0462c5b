using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Core;
using Orleans.Placement;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>A grain class: its name as a kind of grain, what its attributes say, and how to make an instance.</summary>
internal sealed class GrainClass
{
    private readonly ConstructorInfo _constructor;
    private readonly ParameterInfo[] _parameters;

    public GrainClass(Type type)
    {
        Type = type;
        GrainType = KindOf(type.Name);
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        IsKeptAlive = type.IsDefined(typeof(KeepAliveAttribute), inherit: true);
        Placement = type.GetCustomAttribute<PlacementAttribute>(inherit: true)?.PlacementStrategy;
        _constructor = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)
            ?? throw new ArgumentException($"{type} has no public constructor.", nameof(type));
        _parameters = _constructor.GetParameters();
    }

    public Type Type { get; }

    public string GrainType { get; }

    public bool IsReentrant { get; }

    public bool IsKeptAlive { get; }

    /// <summary>How its silo is chosen; null for rendezvous hashing.</summary>
    public PlacementStrategy? Placement { get; }

    /// <summary>The kind of grain that a class of this name is.</summary>
    public static string KindOf(string name) =>
        (name.EndsWith("Grain", StringComparison.Ordinal) && name.Length > 5 ? name[..^5] : name).ToLowerInvariant();

    /// <summary>Makes an instance, and gathers the stored states that its constructor asks for.</summary>
    public object Create(Activation activation, List<IStorage> states)
    {
        var arguments = new object?[_parameters.Length];
        for (var index = 0; index < arguments.Length; index++)
        {
            var parameter = _parameters[index];
            if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } stored)
            {
                var state = StoredState.Create(parameter.ParameterType, stored, activation);
                states.Add(state);
                arguments[index] = state;
            }
            else
            {
                arguments[index] = parameter.HasDefaultValue
                    ? activation.ActivationServices.GetService(parameter.ParameterType) ?? parameter.DefaultValue
                    : activation.ActivationServices.GetRequiredService(parameter.ParameterType);
            }
        }

        return _constructor.Invoke(BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
    }
}
