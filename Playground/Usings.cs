global using Shortline.Balancing;
global using Shortline.Client;
global using Shortline.GrainInterfaces;
global using Shortline.Hosting;
global using Shortline.Protocol;
