using System.Collections.Concurrent;
using System.Reflection;
using Orleans;

namespace Shortline.LocalEngine;

/// <summary>
/// The grain classes of this process: those of every assembly that uses the engine and is loaded or referred to by one that is.
/// </summary>
internal static class GrainClasses
{
    private static readonly ConcurrentDictionary<Type, GrainClass> ByInterface = new();
    private static readonly ConcurrentDictionary<string, GrainClass> ByType = new(StringComparer.Ordinal);

    /// <summary>The class that implements a grain interface.</summary>
    /// <exception cref="ArgumentException">None does, or several and none is named as the interface is.</exception>
    public static GrainClass Implementing(Type interfaceType) => ByInterface.GetOrAdd(interfaceType, Find);

    /// <summary>The class of a kind of grain that was referred to before.</summary>
    public static GrainClass Of(string type) =>
        ByType.TryGetValue(type, out var found) ? found : throw new ArgumentException($"There is no grain class '{type}'.", nameof(type));

    /// <summary>The kind of grain behind an interface, for a process that need not have the class: by its name, if so.</summary>
    public static string KindOf(Type interfaceType)
    {
        try
        {
            return Implementing(interfaceType).GrainType;
        }
        catch (ArgumentException)
        {
            return GrainClass.KindOf(interfaceType.Name.TrimStart('I'));
        }
    }

    private static GrainClass Find(Type interfaceType)
    {
        var found = Assemblies().SelectMany(assembly => assembly.GetTypes())
            .Where(type => IsGrainClass(type) && interfaceType.IsAssignableFrom(type))
            .ToArray();
        var type = found.Length == 1 ? found[0] : found.SingleOrDefault(type => interfaceType.Name == $"I{type.Name}");
        if (type is null)
        {
            throw new ArgumentException(
                found.Length == 0
                    ? $"Could not find an implementation for interface {interfaceType}."
                    : $"Several classes implement {interfaceType}: {string.Join(", ", found.Select(type => type.FullName))}.",
                nameof(interfaceType));
        }

        var @class = new GrainClass(type);
        return ByType.GetOrAdd(@class.GrainType, @class) is { } known && known.Type == type
            ? known
            : throw new ArgumentException(
                $"{type} and {ByType[@class.GrainType].Type} are both named '{@class.GrainType}'.", nameof(interfaceType));
    }

    /// <summary>Whether there is a class of that kind.</summary>
    public static bool Has(string kind)
    {
        if (ByType.ContainsKey(kind))
        {
            return true;
        }

        var type = Assemblies().SelectMany(assembly => assembly.GetTypes())
            .FirstOrDefault(type => IsGrainClass(type) && GrainClass.KindOf(type.Name) == kind);
        if (type is not null)
        {
            var @class = new GrainClass(type);
            ByType.TryAdd(@class.GrainType, @class);
        }

        return type is not null;
    }

    /// <summary>The assemblies where grain classes and interfaces are.</summary>
    public static HashSet<Assembly> Assemblies()
    {
        var engine = typeof(GrainClasses).Assembly;
        HashSet<Assembly> all = [engine];
        var queue = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic && Uses(assembly)));
        while (queue.TryDequeue(out var assembly))
        {
            if (!all.Add(assembly))
            {
                continue;
            }

            foreach (var name in assembly.GetReferencedAssemblies().Where(IsApplication))
            {
                var referenced = Assembly.Load(name);
                if (Uses(referenced))
                {
                    queue.Enqueue(referenced);
                }
            }
        }

        return all;

        bool Uses(Assembly assembly) => Array.Exists(assembly.GetReferencedAssemblies(), name => name.Name == engine.GetName().Name);
    }

    private static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false } && typeof(IGrainBase).IsAssignableFrom(type);

    private static bool IsApplication(AssemblyName name) =>
        !name.Name!.StartsWith("System.", StringComparison.Ordinal) && !name.Name.StartsWith("Microsoft.", StringComparison.Ordinal);
}
